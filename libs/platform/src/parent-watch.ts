/** Ends this process when the one that started it (SP_PARENT_PID) is gone, however it went. */
export function watchParent(onGone: () => void): void {
  const parentPid = Number(process.env['SP_PARENT_PID'] ?? 0);
  if (!parentPid) return;
  const timer = setInterval(() => {
    if (isAlive(parentPid)) return;
    clearInterval(timer);
    onGone();
  }, 500);
  timer.unref();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
