import type { ClientLife } from './client-life';
import type { Delivery } from './delivery';
import { Ledger, type SavedLedger } from './ledger';
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
  readonly ledger: Ledger;
}

const version = 3;

export function serialiseWorld(state: WorldState): string {
  return JSON.stringify({ version, ...state, agenda: [...state.agenda], answered: [...state.answered], ledger: state.ledger.save() });
}

interface SavedWorld extends Omit<WorldState, 'agenda' | 'answered' | 'ledger'> {
  readonly version: number;
  readonly agenda: [number, Delivery[]][];
  readonly answered: [string, number][];
  readonly ledger: SavedLedger;
}

/** Fails where the text is not a world of these options: another seed would contradict what the line has already heard. */
export function restoreWorld(text: string, options: WorldOptions): WorldState {
  const saved = JSON.parse(text) as SavedWorld;
  if (saved.version !== version) throw new Error(`the saved world has version ${saved.version}, this program reads ${version}; begin anew with --fresh or an empty state folder`);
  const differing = Object.entries(options).filter(([name, value]) => saved.options[name as keyof WorldOptions] !== value);
  if (differing.length > 0) throw new Error(`the saved world was made with other ${differing.map(([name]) => name).join(', ')}; give the same or an empty state folder`);
  const { timeMs, lives, waiting, truth } = saved;
  // JSON has no Infinity: "never due" was written as null.
  const revived = lives.map((life) => ({ ...life, dueMs: life.dueMs.map((due: number | null) => due ?? Infinity) }));
  return { options, timeMs, lives: revived, agenda: new Map(saved.agenda), waiting, answered: new Map(saved.answered), truth, ledger: Ledger.restore(options.startMs, saved.ledger) };
}
