import type { Trainer } from '@sp/learning';
import type { PublicFile } from './public-files';

/** One line of the table. */
export interface Finding {
  /** Set and part: "next-basket TaFeng". */
  readonly case: string;
  readonly metric: string;
  readonly ours: number;
  /** What the figure stands beside, computed here on the same rows, or published. */
  readonly references: Readonly<Record<string, number>>;
  readonly aim?: { readonly text: string; readonly met: boolean };
  /** Of which data, and how sure: rows, intervals, "simulated". */
  readonly note: string;
}

export interface CaseInput {
  /** The part to be judged. */
  readonly files: readonly PublicFile[];
  /** Earlier parts of the same sets, to learn from. */
  readonly history: readonly PublicFile[];
  /** Undefined where XGBoost's library is not to be found. */
  readonly trainer: Trainer | undefined;
  /** Folder for what a case writes besides its findings. */
  readonly output?: string | undefined;
  readonly say: (line: string) => void;
}

/** A public set: undefined where the folder holds nothing of it. */
export interface Case {
  readonly name: string;
  readonly evaluate: (input: CaseInput) => readonly Finding[] | undefined;
}
