import { BadRequestException } from '@nestjs/common';

const largest = 1000;

/** How many rows a reader wants; a wrong number is told rather than guessed. */
export function parseLimit(text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > largest) throw new BadRequestException(`limit must be a whole number from 1 to ${largest}`);
  return limit;
}
