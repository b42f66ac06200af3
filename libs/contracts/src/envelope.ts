import { z } from 'zod';

/** An id of the bank's: a pseudonym, never a card or account number. */
export const identifier = z.string().min(1).max(128);

/** CloudEvents 1.0 JSON. `subject` is the client's id or, for merchants, campaigns and rates, their own. */
export const envelopeSchema = z.object({
  specversion: z.literal('1.0'),
  id: identifier,
  source: z.string().min(1).max(256),
  type: z.string().min(1).max(128),
  time: z.iso.datetime({ offset: true }),
  subject: identifier,
  data: z.unknown().optional(),
});

export type Envelope = z.infer<typeof envelopeSchema>;
