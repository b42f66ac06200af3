import type { AppendResult, Fence, InputLog, LastFrame, LogMessage, OutputFrame, OutputLog } from './log.port';

/** A log in memory with the fence of a real one; `disturb` lets a test lose answers. */
export class InMemoryLog implements InputLog, OutputLog {
  readonly messages: { readonly bytes: Uint8Array; readonly to: number; readonly id: string }[] = [];
  disturb: (append: { readonly id: string; readonly stored: number }) => 'none' | 'lose-request' | 'lose-answer' = () => 'none';
  #wakers: (() => void)[] = [];

  last(): Promise<LastFrame | undefined> {
    const last = this.messages.at(-1);
    return Promise.resolve(last && { sequence: this.messages.length, to: last.to, id: last.id });
  }

  append(frame: OutputFrame, id: string, fence: Fence): Promise<AppendResult> {
    const fate = this.disturb({ id, stored: this.messages.length });
    if (fate === 'lose-request') return Promise.resolve({ kind: 'unknown', cause: 'request lost' });
    const known = this.messages.findIndex((message) => message.id === id);
    const result: AppendResult = known >= 0 ? { kind: 'stored', sequence: known + 1 } : this.#store(frame, id, fence);
    return Promise.resolve(fate === 'lose-answer' ? { kind: 'unknown', cause: 'answer lost' } : result);
  }

  /** Puts bytes at the end as another process would, past any fence. */
  push(bytes: Uint8Array, to = this.messages.length + 1): void {
    this.messages.push({ bytes, to, id: `${to}:pushed` });
    this.#wake();
  }

  async *read(from: number, signal: AbortSignal): AsyncIterable<LogMessage> {
    signal.addEventListener('abort', () => this.#wake());
    for (let sequence = from; !signal.aborted; sequence++) {
      while (sequence > this.messages.length) {
        await new Promise<void>((wake) => this.#wakers.push(wake));
        if (signal.aborted) return;
      }
      yield { sequence, pending: this.messages.length - sequence, bytes: this.messages[sequence - 1]!.bytes };
    }
  }

  #store(frame: OutputFrame, id: string, fence: Fence): AppendResult {
    const holds = 'lastId' in fence ? this.messages.at(-1)?.id === fence.lastId : this.messages.length === fence.lastSequence;
    if (!holds) return { kind: 'fenced' };
    this.messages.push({ bytes: frame.bytes, to: frame.to, id });
    this.#wake();
    return { kind: 'stored', sequence: this.messages.length };
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }
}
