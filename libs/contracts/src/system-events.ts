import { z } from 'zod';
import type { Acceptance } from './accept-event';
import { bankEventSchemas } from './bank-events';
import { decisionPolicySchema } from './decision-policy';
import { envelopeSchema, identifier } from './envelope';
import type { LineEventOf, SystemEvent } from './line-events';
import { mergedTableNames } from './merged-tables';
import { ownExperimentSchema } from './own-experiments';

const by = z.string().min(1).max(128);

/** What the system's own services may ask ingest to put into the control log; refused at the bank's doors. */
const systemEventSchemas = {
  'campaign.paused': z.object({ campaignId: identifier, paused: z.boolean(), by }),
  'merchant.paused': z.object({ merchantId: identifier, paused: z.boolean(), by }),
  'policy.published': z.object({ policy: decisionPolicySchema, by }),
  'experiment.published': ownExperimentSchema,
  /** As a bank may publish it; here by an operator. */
  'campaign.published': bankEventSchemas['campaign.published'].safeExtend({ by: by.optional() }),
  'model.activated': z.object({ model: identifier, version: identifier, by }),
  'model.frozen': z.object({ model: identifier, frozen: z.boolean(), by }),
  'split.changed': z.object({ experimentId: identifier, epoch: z.int().min(1), salt: identifier, weights: z.record(z.enum(['holdout', 'random', 'rules', 'model']), z.number().min(0)), by }),
  'table.merged': z.object({
    table: z.enum(mergedTableNames),
    version: z.number().int().nonnegative(),
    columns: z.array(z.string()),
    rows: z.array(z.tuple([z.string()], z.number().int())),
  }),
} as const;

/** A fact that an operator may ask for. */
export type ControlFact = SystemEvent | LineEventOf<'campaign.published'>;

/** Reads a control request; `timeMs` is the line's own time, since a system fact happens where it takes its place. */
export function acceptSystemEvent(value: unknown, timeMs: number): Acceptance | { readonly ok: true; readonly event: ControlFact } {
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success) return { ok: false, id: '', reject: { code: 'malformed-envelope', field: '', message: z.prettifyError(envelope.error) } };
  const { id, source, subject, type, data } = envelope.data;
  const schema = Object.hasOwn(systemEventSchemas, type) ? systemEventSchemas[type as ControlFact['type']] : undefined;
  const parsed = schema?.safeParse(data);
  if (!parsed) return { ok: false, id, reject: { code: 'unknown-type', field: 'type', message: `no control fact "${type}"` } };
  if (!parsed.success) return { ok: false, id, reject: { code: 'invalid-data', field: 'data', message: z.prettifyError(parsed.error) } };
  return { ok: true, event: { type, id, source, subject, timeMs, data: parsed.data } as ControlFact };
}
