import { bankEventSchemas, type BankEvent, type BankEventType, type Reject } from '@sp/contracts';
import { ConfigError } from '@sp/platform';
import { z } from 'zod';

const types = Object.keys(bankEventSchemas) as [BankEventType, ...BankEventType[]];
const shortestSecret = 32;

const keySchema = z
  .object({
    id: z.string().min(1).max(128),
    secret: z.string().min(shortestSecret).optional(),
    /** The name of the variable that holds the secret, so that the file needs none. */
    secretEnv: z.string().min(1).optional(),
  })
  .strict()
  .refine(({ secret, secretEnv }) => (secret === undefined) !== (secretEnv === undefined), 'names its secret, or the variable secretEnv that holds it');

const sourceSchema = z
  .object({
    name: z.string().min(1).max(64),
    /** Two while one is being replaced: the new one is added, its senders change over, the old one is taken out. */
    keys: z.array(keySchema).min(1).max(2),
    /** What it may send … */
    types: z.union([z.literal('all'), z.array(z.enum(types))]),
    /** … under which `source` in the envelope. */
    envelopeSources: z.union([z.literal('all'), z.array(z.string().min(1).max(256)).min(1)]),
    /** May it ask `POST /v1/decisions`? */
    decisions: z.boolean().default(false),
  })
  .strict();

const fileSchema = z.object({ sources: z.array(sourceSchema).min(1) }).strict();

/** A bank system with what it has been declared to send. */
export interface DeclaredSource {
  readonly name: string;
  readonly mayAskForDecisions: boolean;
  /** Why it may not say this; undefined: it may. */
  refuses(event: BankEvent): Reject | undefined;
}

export type SourcesByKey = ReadonlyMap<string, { readonly source: DeclaredSource; readonly secret: string }>;

/** Reads the declarations; throws ConfigError with all that is wrong with them. */
export function readDeclarations(text: string, env: Readonly<Record<string, string | undefined>>): SourcesByKey {
  const { sources } = parsed(text);
  const byKey = new Map<string, { source: DeclaredSource; secret: string }>();
  for (const declared of sources) {
    const source = declaredSource(declared);
    for (const key of declared.keys) {
      const secret = key.secret ?? env[key.secretEnv!];
      if (secret === undefined || secret.length < shortestSecret) throw new ConfigError(`SOURCES_FILE: the key ${key.id} of ${declared.name} has no secret of at least ${shortestSecret} characters in ${key.secretEnv}`);
      if (byKey.has(key.id)) throw new ConfigError(`SOURCES_FILE: two keys are called ${key.id}`);
      byKey.set(key.id, { source, secret });
    }
  }
  return byKey;
}

function parsed(text: string): z.infer<typeof fileSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`SOURCES_FILE is not JSON: ${(error as Error).message}`);
  }
  const file = fileSchema.safeParse(value);
  if (!file.success) throw new ConfigError(`SOURCES_FILE:\n${z.prettifyError(file.error)}`);
  return file.data;
}

function declaredSource({ name, types: allowed, envelopeSources, decisions }: z.infer<typeof sourceSchema>): DeclaredSource {
  return {
    name,
    mayAskForDecisions: decisions,
    refuses({ type, source }) {
      if (allowed !== 'all' && !allowed.includes(type)) return { code: 'not-permitted', field: 'type', message: `is none that ${name} is declared to send` };
      if (envelopeSources !== 'all' && !envelopeSources.includes(source)) return { code: 'not-permitted', field: 'source', message: `is none that ${name} is declared to send under` };
      return undefined;
    },
  };
}
