import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';

const COLORS = [36, 33, 32, 35, 34, 96, 93, 92];
const KEPT_LINES = 40;

/** What a process says, line by line: handed on, and its end kept for the sentence that explains a failure. */
export class ProcessLines {
  private readonly kept: string[] = [];

  constructor(private readonly onLine: (line: string) => void) {}

  follow(stream: Readable): void {
    createInterface({ input: stream }).on('line', (line) => {
      this.kept.push(line);
      if (this.kept.length > KEPT_LINES) this.kept.shift();
      this.onLine(line);
    });
  }

  includes(pattern: RegExp): boolean {
    return this.kept.some((line) => pattern.test(line));
  }

  last(count: number): string {
    return this.kept.slice(-count).join('\n');
  }

  clear(): void {
    this.kept.length = 0;
  }
}

/** Prints lines behind a prefix of fixed width; the same name has the same colour every time. */
export function prefixedPrinter(prefix: string): (line: string) => void {
  const color = COLORS[[...prefix].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % COLORS.length];
  const colored = process.stdout.isTTY && !process.env.NO_COLOR;
  const head = colored ? `\u001b[${color}m${prefix.padEnd(20)}\u001b[0m` : prefix.padEnd(20);
  return (line) => process.stdout.write(`${head} ${line}\n`);
}
