import { z } from 'zod';
import { identifier } from './envelope';

/** Largest item that a public door takes, as JSON in UTF-8; a dead letter keeps as much of its original. */
export const maximumItemBytes = 65_536;

/** One value to write into the original before it is sent again; no value takes the field away. */
export const correctionSchema = z.object({ path: z.string().min(1).max(256), value: z.unknown().optional() });
export type Correction = z.infer<typeof correctionSchema>;

/** What makes the refused event the same event, as far as its envelope could be read; card numbers masked. */
const eventNameSchema = z.object({ source: z.string().min(1).max(256), subject: identifier, id: identifier, type: z.string().max(128) });
export type RefusedEventName = z.infer<typeof eventNameSchema>;

const person = z.string().min(1).max(128);

/** One refusal, as it stands on the stream; the same letter may be refused again. */
const refusedSchema = z.object({
  kind: z.literal('refused'),
  id: z.string().min(1),
  stage: z.string(),
  /** The step of the stage that refused it. */
  step: z.string().default('accept'),
  /** The door it came by; `line` where a later stage refused what the door had taken. */
  origin: z.enum(['http', 'bank', 'control', 'line']),
  /** `<request>#<item>` of the HTTP door, `<stream sequence>#<item>` of the others, `<partition>:<log position>#<item>` on the line. */
  position: z.string(),
  /** 1, and one more each time that a stage refuses it again after a replay. */
  attempt: z.number().int().min(1).default(1),
  event: eventNameSchema.optional(),
  reason: z.string(),
  field: z.string(),
  message: z.string(),
  /** The original's JSON (or the text that was none), card numbers masked. */
  payload: z.string(),
  isMasked: z.boolean(),
  isCut: z.boolean(),
  /** Wall clock. */
  timeMs: z.number(),
});

const replayedSchema = z.object({
  kind: z.literal('replayed'),
  id: z.string().min(1),
  verdict: z.enum(['accepted', 'duplicate']),
  corrections: z.array(correctionSchema),
  by: person,
  timeMs: z.number(),
});

const droppedSchema = z.object({ kind: z.literal('dropped'), id: z.string().min(1), why: z.string().min(1).max(1_000), by: person, timeMs: z.number() });

const entrySchema = z.discriminatedUnion('kind', [refusedSchema, replayedSchema, droppedSchema]);

export type DeadLetter = z.infer<typeof refusedSchema>;
export type DeadLetterReplayed = z.infer<typeof replayedSchema>;
export type DeadLetterDropped = z.infer<typeof droppedSchema>;
/** The stream DEAD_LETTERS is append only: what became of a letter is a further entry. */
export type DeadLetterEntry = z.infer<typeof entrySchema>;

/** The entries of one message; what is none is passed over, so that one odd message never hides the others. */
export function readDeadLetterEntries(bytes: Uint8Array): (DeadLetterEntry | undefined)[] {
  try {
    const values: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return (Array.isArray(values) ? values : [values]).map((value) => entrySchema.safeParse(value).data);
  } catch {
    return [];
  }
}

/** The name of the event, if source, subject and id can be read. */
export function nameOfEvent(value: unknown): RefusedEventName | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { source, subject, id, type } = value as Record<string, unknown>;
  return eventNameSchema.safeParse({ source, subject, id, type: typeof type === 'string' ? type.slice(0, 128) : '' }).data;
}
