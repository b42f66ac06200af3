import type { ClientLife } from './client-life';
import type { Delivery } from './delivery';
import type { WorldOptions } from './market';
import type { ReceivedOffer } from './received-offer';
import type { Truth } from './truth';

/** All that changes in the world; everything else follows from the options. Survives JSON, but for Infinity (see below). */
export interface WorldState {
  readonly options: WorldOptions;
  /** Start of the next hour. */
  timeMs: number;
  readonly lives: ClientLife[];
  /** By hour since the world's start, for the hours to come. */
  readonly agenda: Map<number, Delivery[]>;
  /** Offers whose instant has not come yet. */
  waiting: ReceivedOffer[];
  /** Offers already answered, with their end: the door may deliver one twice. */
  readonly answered: Map<string, number>;
  readonly truth: Truth;
}

const version = 1;

export function serialiseWorld(state: WorldState): string {
  return JSON.stringify({ version, ...state, agenda: [...state.agenda], answered: [...state.answered] });
}

/** Fails where the text is not a world of these options: another seed would contradict what the line has already heard. */
export function restoreWorld(text: string, options: WorldOptions): WorldState {
  const saved = JSON.parse(text) as Omit<WorldState, 'agenda' | 'answered'> & { version: number; agenda: [number, Delivery[]][]; answered: [string, number][] };
  if (saved.version !== version) throw new Error(`the saved world has version ${saved.version}, this program reads ${version}`);
  const differing = Object.entries(options).filter(([name, value]) => saved.options[name as keyof WorldOptions] !== value);
  if (differing.length > 0) throw new Error(`the saved world was made with other ${differing.map(([name]) => name).join(', ')}; give the same or an empty state folder`);
  const { timeMs, lives, waiting, truth } = saved;
  // JSON has no Infinity: "never due" was written as null.
  const revived = lives.map((life) => ({ ...life, dueMs: life.dueMs.map((due: number | null) => due ?? Infinity) }));
  return { options, timeMs, lives: revived, agenda: new Map(saved.agenda), waiting, answered: new Map(saved.answered), truth };
}
