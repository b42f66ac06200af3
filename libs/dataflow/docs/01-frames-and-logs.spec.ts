import type { LineEvent } from '@sp/contracts';
import { anEvent } from '@sp/contracts/testing';
import { decodeFrame, encodeFrame, FencedAppender, FencedError, FrameError, type OutputFrame } from '../src/index';
import { InMemoryLog } from '../src/testing';
import { describe, expect, it } from 'vitest';

// Chapter 1. A log is a row of frames; a frame is a batch of events of one partition in one message. One writer at a time puts frames at
// its end, and nobody has to trust an acknowledgement for that.

const frame = (position: number, ...events: LineEvent[]): OutputFrame => ({ from: position, to: position, bytes: encodeFrame({ partition: 0, from: position, to: position, sequencedAtMs: 0, events }) });
const appenderOf = (log: InMemoryLog, owner: string): FencedAppender => new FencedAppender(log, { owner, pause: () => Promise.resolve() });
const positionsOf = (log: InMemoryLog): number[] => log.messages.map(({ to }) => to);
const nothingYet = { input: 0, output: 0 };

describe('frames and logs', () => {
  it('a frame carries events and the positions of the input that they come from', () => {
    const events = [anEvent('client.acted', { id: 'a' }), anEvent('client.acted', { id: 'b' })];
    const bytes = encodeFrame({ partition: 3, from: 17, to: 17, sequencedAtMs: 1_000, events });
    expect(decodeFrame(bytes)).toEqual({ partition: 3, from: 17, to: 17, sequencedAtMs: 1_000, events });
  });

  it('a frame may be empty: it still says how far the input was read', () => {
    expect(decodeFrame(frame(5).bytes)).toMatchObject({ to: 5, events: [] });
  });

  it('a damaged frame is refused, never read in part', () => {
    expect(() => decodeFrame(frame(1, anEvent('client.acted')).bytes.subarray(0, 60))).toThrow(FrameError);
  });

  it('a writer first reads how far the log is, then appends in order', async () => {
    const log = new InMemoryLog();
    const appender = appenderOf(log, 'first');
    expect(await appender.open(nothingYet)).toEqual({ to: 0, sequence: 0 });
    await appender.append([frame(1), frame(2), frame(3)]);
    expect(positionsOf(log)).toEqual([1, 2, 3]);
    expect(await appenderOf(log, 'second').open(nothingYet)).toMatchObject({ to: 3, sequence: 3 });
  });

  it('an answer that is lost says nothing: the log itself is asked, and only what is missing is sent again', async () => {
    const log = new InMemoryLog();
    const fates = ['none', 'lose-answer', 'lose-request'] as const;
    let sent = 0;
    log.disturb = () => fates[sent++] ?? 'none';
    const appender = appenderOf(log, 'first');
    await appender.open(nothingYet);
    await appender.append([frame(1), frame(2), frame(3)]);
    expect(positionsOf(log)).toEqual([1, 2, 3]);
  });

  it('a writer that slept while another took over cannot write any more', async () => {
    const log = new InMemoryLog();
    const [sleeper, successor] = [appenderOf(log, 'sleeper'), appenderOf(log, 'successor')];
    await sleeper.open(nothingYet);
    await successor.open(nothingYet);
    await successor.append([frame(1)]);
    await expect(sleeper.append([frame(1)])).rejects.toThrow(FencedError);
    expect(positionsOf(log)).toEqual([1]);
  });
});
