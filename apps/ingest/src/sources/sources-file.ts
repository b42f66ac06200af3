import { Logger } from '@nestjs/common';
import { readFileSync, statSync } from 'node:fs';
import { readDeclarations, type SourcesByKey } from './source-declarations';

const lookEveryMs = 2_000;

/** The declared sources, read again when their file changes: keys are replaced without a restart. A file that became wrong changes nothing and is said. */
export class SourcesFile {
  readonly #logger = new Logger('sources');
  readonly #looking: NodeJS.Timeout;
  #changedMs: number;
  #sources: SourcesByKey;

  constructor(private readonly path: string) {
    this.#changedMs = statSync(path).mtimeMs;
    this.#sources = readDeclarations(readFileSync(path, 'utf8'), process.env);
    this.#looking = setInterval(() => this.#look(), lookEveryMs);
  }

  get sources(): SourcesByKey {
    return this.#sources;
  }

  close(): void {
    clearInterval(this.#looking);
  }

  #look(): void {
    try {
      const changedMs = statSync(this.path).mtimeMs;
      if (changedMs === this.#changedMs) return;
      this.#changedMs = changedMs;
      this.#sources = readDeclarations(readFileSync(this.path, 'utf8'), process.env);
      this.#logger.log(`${this.path} was read again: ${this.#sources.size} keys`);
    } catch (error) {
      this.#logger.error(`${this.path} cannot be read, the keys before stand: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
