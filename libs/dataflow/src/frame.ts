import type { LineEvent } from '@sp/contracts';
import { Packr } from 'msgpackr';

/**
 * Frame format v1, little endian: one message of a log carries a batch of events of one partition.
 *
 *   0 u32 magic 'SPF1' · 4 u16 partition · 6 u16 reserved · 8 f64 from · 16 f64 to · 24 f64 sequencedAtMs · 32 u32 count · 36 u32 body length · 40 body
 *
 * from and to are positions in the input log (for ingest, which has none: the number of the frame itself). sequencedAtMs is the
 * wall clock at ingest, handed on by every stage, for lag and latency alone: no fold may read it. The body is the events' msgpack
 * with inline records, so that equal shapes are named once a frame.
 */
export interface Frame {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  readonly sequencedAtMs: number;
  readonly events: readonly LineEvent[];
}

/** A frame that is not of this format, or damaged. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

const magic = 0x31465053;
const headerBytes = 40;
/** Above it a frame is refused before it is sent; the server's own limit (max_payload) stands at 8 MB. */
export const maximumFrameBytes = 7_500_000;

const packr = new Packr({ useRecords: true, encodeUndefinedAsNil: false });

export function encodeFrame(frame: Frame): Uint8Array {
  const body = packr.pack(frame.events);
  const bytes = new Uint8Array(headerBytes + body.byteLength);
  if (bytes.byteLength > maximumFrameBytes) throw new FrameError(`frame of ${bytes.byteLength} bytes is over ${maximumFrameBytes}: send smaller batches`);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint16(4, frame.partition, true);
  view.setFloat64(8, frame.from, true);
  view.setFloat64(16, frame.to, true);
  view.setFloat64(24, frame.sequencedAtMs, true);
  view.setUint32(32, frame.events.length, true);
  view.setUint32(36, body.byteLength, true);
  bytes.set(body, headerBytes);
  return bytes;
}

/** The wall clock at ingest, read from the header alone. */
export function sequencedAtMsOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat64(24, true);
}

export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.byteLength < headerBytes) throw new FrameError(`frame of ${bytes.byteLength} bytes has no header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== magic) throw new FrameError('not a frame of format 1');
  const bodyBytes = view.getUint32(36, true);
  if (bytes.byteLength !== headerBytes + bodyBytes) throw new FrameError(`frame is cut: ${bytes.byteLength} of ${headerBytes + bodyBytes} bytes`);
  return {
    partition: view.getUint16(4, true),
    from: view.getFloat64(8, true),
    to: view.getFloat64(16, true),
    sequencedAtMs: view.getFloat64(24, true),
    events: packr.unpack(bytes.subarray(headerBytes)) as LineEvent[],
  };
}
