import { identityOf, type LineEvent, type StageName } from '@sp/contracts';
import { Packr } from 'msgpackr';
import { isDeepStrictEqual } from 'node:util';
import type { Flow } from '../flow';
import { decodeFrame, encodeFrame } from '../frame';
import { judgeMerged } from './judge-merged';
import { Oracle } from './oracle';
import type { RejectedEvent } from '../stage-observer';
import type { SimulatedLog } from './simulated-log';
import type { SimulatedService } from './simulated-service';
import { Violation } from './violation';
import type { World } from './world';

const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: false });

/** After a schedule, when all is quiet: is everything as if nothing had happened? */
export async function judge(world: World): Promise<void> {
  judgeIngest(world);
  for (const [index, flow] of world.flows.entries()) {
    const [input, output, service] = [world.logs[index]!, world.logs[index + 1]!, world.services[index + 1]!];
    const oracle = await judgeOutputs(flow, input, output);
    judgeState(service, oracle);
    judgeLetters(world, flow, oracle);
  }
  judgeMerged(world);
}

function judgeIngest(world: World): void {
  const { bank, logs, services, control } = world;
  for (const event of bank.sent.flat()) {
    const verdicts = bank.verdicts.get(identityOf(event)) ?? [];
    const times = world.timesInLog(identityOf(event));
    const taken = verdicts.some((verdict) => verdict === 'accepted' || verdict === 'duplicate');
    if (verdicts.length === 0) throw new Violation(`${event.id} never got a verdict`);
    if (times > 1 || (taken && times !== 1)) throw new Violation(`${event.id} (${verdicts.join(', ')}) stands ${times} times in the log`);
  }
  const logged = logs[0]!.frames.flatMap(({ bytes }) => decodeFrame(bytes).events);
  const facts = control.frames.flatMap(({ bytes }) => decodeFrame(bytes).events.map(identityOf));
  const copied = logged.map(identityOf).filter((identity) => facts.includes(identity));
  if (!isDeepStrictEqual(copied, facts)) throw new Violation(`${facts.length} shared facts were published, ${copied.length} copied, or in another order`);
  const { position } = services[0]!.disk;
  if (position.input !== logs[0]!.end || position.output !== logs[0]!.end) throw new Violation(`ingest stands at ${position.input}/${position.output} of ${logs[0]!.end}`);
}

async function judgeOutputs(flow: Flow<StageName>, input: SimulatedLog, output: SimulatedLog): Promise<Oracle> {
  const oracle = new Oracle(flow);
  for (const [index, { bytes }] of input.frames.entries()) {
    const position = index + 1;
    const { partition, sequencedAtMs, events } = decodeFrame(bytes);
    const expected = encodeFrame({ partition, from: position, to: position, sequencedAtMs, events: await oracle.frame(events, position) });
    const stored = output.frames[index];
    if (!stored) throw new Violation(`${output.name} has ${output.end} frames for ${input.end} of ${input.name}`);
    if (stored.to !== position || !isSame(stored.bytes, expected)) throw new Violation(`frame ${position} of ${output.name} (to ${stored.to}) is not the oracle's: ${tell(decodeFrame(stored.bytes).events)}\n  expected ${tell(decodeFrame(expected).events)}`);
  }
  if (output.end !== input.end) throw new Violation(`${output.name} has ${output.end} frames for ${input.end} of ${input.name}`);
  return oracle;
}

function judgeState({ name, disk, options: { input, output } }: SimulatedService, { state, timers }: Oracle): void {
  if (disk.position.input !== input.end || disk.position.output !== output.end) throw new Violation(`${name} stands at ${disk.position.input}/${disk.position.output} of ${input.end}/${output.end}`);
  for (const key of new Set([...disk.values.keys(), ...state.values.keys()])) {
    const [stored, expected] = [disk.values.get(key), state.values.get(key)];
    if (stored && expected && (Buffer.compare(stored, expected) === 0 || isDeepStrictEqual(packr.unpack(stored), packr.unpack(expected)))) continue;
    throw new Violation(`${name} keeps ${key} = ${stored && JSON.stringify(packr.unpack(stored))}, the oracle ${expected && JSON.stringify(packr.unpack(expected))}`);
  }
  for (const key of new Set([...disk.timers.keys(), ...timers.atByKey.keys()])) {
    if (disk.timers.get(key) !== timers.atByKey.get(key)) throw new Violation(`${name} has the timer ${key} at ${disk.timers.get(key)}, the oracle at ${timers.atByKey.get(key)}`);
  }
}

/** Every refusal is in the dead letters; what stands there more than once is the very same letter. */
function judgeLetters({ letters }: World, { stage }: Flow<StageName>, { rejected }: Oracle): void {
  const placeOf = ({ position, item }: RejectedEvent): string => `${position}#${item}`;
  const kept = new Map(letters.filter((letter) => letter.stage === stage).map((letter) => [placeOf(letter), letter]));
  for (const letter of rejected) {
    if (!isDeepStrictEqual(kept.get(placeOf(letter)), letter)) throw new Violation(`${letter.event.id}, refused by ${stage} at ${placeOf(letter)}, is not in the dead letters`);
  }
  if (kept.size !== rejected.length) throw new Violation(`${stage} refused ${rejected.length} events, and ${kept.size} letters tell of it`);
}

function isSame(stored: Uint8Array, expected: Uint8Array): boolean {
  return Buffer.compare(stored, expected) === 0 || isDeepStrictEqual(decodeFrame(stored), decodeFrame(expected));
}

function tell(events: readonly LineEvent[]): string {
  return events.map(({ type, id }) => `${type} ${id}`).join(', ') || 'nothing';
}
