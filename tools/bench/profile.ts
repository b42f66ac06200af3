import { readdir, readFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import type { Shares } from './result';

/** What V8 writes: sampled stacks as a tree, and the node that was on top at each sample. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

/** The functions by which work is told apart; the one nearest to the top of the stack names it. */
const byFunction: Readonly<Record<string, string>> = {
  'decodeFrame': 'decode', 'encodeFrame': 'encode', 'onEvent': 'fold', 'onTimer': 'fold', '#wake': 'fold', 'takeChanges': 'encode state', 'trim': 'commit', '#commit': 'commit', 'commit': 'commit',
  'append': 'publish', '#send': 'publish', '(idle)': 'waiting', '(garbage collector)': 'garbage', '(program)': 'native',
};
const byPlace: readonly (readonly [string, string])[] = [['/node_modules/lmdb/', 'commit'], ['/node_modules/nats/', 'log client']];

/** Makes a Node process write its profile when it ends. */
export function profileOptions(folder: string): string[] {
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=500'];
}

/** The busiest profile of the folder: worker threads write their own. */
export async function sharesOfFolder(folder: string): Promise<Shares['shares']> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.cpuprofile'));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const longest = texts.sort((a, b) => b.length - a.length)[0];
  if (longest === undefined) throw new Error('the process wrote no profile');
  return sharesOf(JSON.parse(longest) as CpuProfile);
}

/** Profiles this process while `work` runs. */
export async function profiled(work: () => Promise<unknown>): Promise<Shares['shares']> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return sharesOf(profile);
}

/** From the first decoded frame to the last: what a process does before and after is not its work. Nothing where no sample has met one. */
export function sharesOf({ nodes, samples = [], timeDeltas = [] }: CpuProfile): Shares['shares'] {
  const kinds = kindsOf(nodes);
  const isWork = (id: number): boolean => kinds.get(id) === 'decode';
  const first = samples.findIndex(isWork);
  const last = samples.findLastIndex(isWork);
  if (first < 0) return {};
  const totals: Record<string, number> = {};
  let whole = 0;
  for (let place = first; place <= last; place++) {
    const kind = kinds.get(samples[place]!) ?? 'other';
    const micros = timeDeltas[place] ?? 0;
    totals[kind] = (totals[kind] ?? 0) + micros;
    whole += micros;
  }
  return Object.fromEntries(Object.entries(totals).map(([kind, micros]) => [kind, micros / whole]));
}

function kindsOf(nodes: readonly ProfileNode[]): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const kinds = new Map<number, string>();
  const visit = (node: ProfileNode, inherited: string): void => {
    const kind = ownKind(node) ?? inherited;
    kinds.set(node.id, kind);
    for (const child of node.children ?? []) visit(byId.get(child)!, kind);
  };
  if (nodes[0]) visit(nodes[0], 'other');
  return kinds;
}

function ownKind({ callFrame: { functionName, url } }: ProfileNode): string | undefined {
  return byFunction[functionName] ?? byPlace.find(([place]) => url.includes(place))?.[1];
}
