const POLL_MS = 500;

/** Calls `end` once when the process that started us (SP_PARENT_PID) is gone; does nothing for a process started by hand. */
export function onParentGone(end: () => void): void {
  const parent = Number(process.env.SP_PARENT_PID);
  if (!Number.isInteger(parent) || parent <= 1) return;
  const direct = process.ppid === parent;
  const timer = setInterval(() => {
    if (direct ? process.ppid === parent : isAlive(parent)) return;
    clearInterval(timer);
    end();
  }, POLL_MS);
  timer.unref();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
