import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Envelope } from '@sp/contracts';

/** What a second start goes on from. */
export interface SavedRun {
  /** Sequence of the last offer taken from the door for offers. */
  readonly offersPosition: number;
  /** Events already true in the world and not yet answered for by the door. */
  readonly unsent: readonly Envelope[];
  /** As `World.save()` wrote it. */
  readonly world: string;
}

/** The simulator's own folder: `state.json` for itself, `report.json` and `report.html` for people. Each is whole or absent. */
export class StateFolder {
  constructor(readonly folder: string) {}

  async load(): Promise<SavedRun | undefined> {
    try {
      const text = await readFile(join(this.folder, 'state.json'), 'utf8');
      const end = text.indexOf('\n');
      return { ...(JSON.parse(text.slice(0, end)) as Omit<SavedRun, 'world'>), world: text.slice(end + 1) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new Error(`${join(this.folder, 'state.json')} cannot be read: give an empty state folder to start anew`, { cause: error });
    }
  }

  /** Two lines: the run and the world, which is JSON already; a large one is not written twice over. */
  save({ world, ...run }: SavedRun): Promise<void> {
    return this.replace('state.json', `${JSON.stringify(run)}\n${world}`);
  }

  saveReport(report: unknown): Promise<void> {
    return this.replace('report.json', `${JSON.stringify(report, undefined, 2)}\n`);
  }

  savePage(page: string): Promise<void> {
    return this.replace('report.html', page);
  }

  /** Beside, to the disk, then over the old one: a cut leaves one of both. */
  private async replace(name: string, text: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const beside = join(this.folder, `.${name}.new`);
    const file = await open(beside, 'w');
    try {
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(beside, join(this.folder, name));
  }
}
