import type { Account } from './account';

/** One line that is written over on a terminal, and now and then a new one elsewhere. */
export function showProgress(account: Account, out: NodeJS.WriteStream): { stop(): void } {
  const startedMs = Date.now();
  const write = (end: string): void => {
    const perSecond = Math.round(account.eventsSent / Math.max(0.001, (Date.now() - startedMs) / 1000));
    const at = account.lastEventMs === undefined ? '' : `, event time ${new Date(account.lastEventMs).toISOString().slice(0, 16)}`;
    const text = `replay      ${account.linesRead.toLocaleString('en-US')} lines read, ${account.eventsSent.toLocaleString('en-US')} events sent (${perSecond.toLocaleString('en-US')}/s)${at}`;
    out.write(out.isTTY ? `\r${text.padEnd(100)}${end}` : `${text}\n`);
  };
  const timer = setInterval(() => write(''), out.isTTY ? 500 : 10_000);
  return {
    stop: () => {
      clearInterval(timer);
      write('\n');
    },
  };
}
