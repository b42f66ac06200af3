import { stageEmits, stages, type StageName } from '@sp/contracts';
import type { Contract, Flow } from './flow';

/** The flow does not fit into the line: what it needs is written by nobody, by several, or behind it. */
export class TopologyError extends Error {
  override readonly name = 'TopologyError';
}

type Emits = Readonly<Record<string, readonly string[]>>;

/** Looked at when a service starts: every contract that its flow consumes is written by exactly one stage, which stands before it in the line. */
export function checkTopology({ stage, input, consumes }: Pick<Flow<StageName>, 'stage' | 'input' | 'consumes'>, line: readonly string[] = stages, emits: Emits = stageEmits): void {
  const place = line.indexOf(stage);
  if (place < 0) throw new TopologyError(`${stage} is no stage of the line (${line.join(', ')})`);
  if (line.indexOf(input) !== place - 1) throw new TopologyError(`${stage} reads the log of ${input}, and in the line (${line.join(', ')}) ${line[place - 1] ?? 'no stage'} stands before it`);
  for (const contract of consumes) checkContract(stage, contract, line, emits);
}

function checkContract(stage: StageName, contract: Contract, line: readonly string[], emits: Emits): void {
  const writers = line.filter((writer) => emits[writer]?.includes(contract));
  if (writers.length !== 1) throw new TopologyError(`${stage} consumes ${contract}, which ${writers.length === 0 ? 'no stage writes' : `${writers.join(' and ')} write: it must be one`}`);
  if (line.indexOf(writers[0]!) >= line.indexOf(stage)) throw new TopologyError(`${stage} consumes ${contract}, which ${writers[0]} writes behind it in the line (${line.join(', ')})`);
}
