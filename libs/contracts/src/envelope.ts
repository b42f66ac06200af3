import { z } from 'zod';

/** Identities are joined by a control character. Written so that the validators of other languages understand it too. */
// eslint-disable-next-line no-control-regex
const noControls = /^[^\u0000-\u001f\u007f]+$/;
const controlsProblem = 'must not hold control characters';

/** An id of the bank's: a pseudonym, never a card or account number. */
export const identifier = z.string().min(1).max(128).regex(noControls, controlsProblem);

/** An event's time lies in [earliest, latest): before and after there are only mistakes such as year 0 or 9999. */
export const eventTimeRangeMs = { earliest: Date.UTC(2000, 0, 1), latest: Date.UTC(2100, 0, 1) } as const;

/** CloudEvents 1.0 JSON. `subject` is the client's id or, for merchants, campaigns and rates, their own. */
export const envelopeSchema = z.object({
  specversion: z.literal('1.0'),
  id: identifier.describe('The event’s own id: the same source, subject and id are the same event.'),
  source: z.string().min(1).max(256).regex(noControls, controlsProblem).describe('The system of the bank that publishes, such as "cards".'),
  type: z.string().min(1).max(128).describe('One of the event types.'),
  time: z.iso.datetime({ offset: true }).describe('When it happened, from 2000-01-01 to 2099-12-31, with "Z" or an offset.'),
  subject: identifier.describe('The client’s pseudonym; for merchants, campaigns and rates their own id.'),
  data: z.unknown().optional(),
});

export type Envelope = z.infer<typeof envelopeSchema>;
