import { BadRequestException, UnsupportedMediaTypeException } from '@nestjs/common';
import { z } from 'zod';

/** JSON by its own name only: a form of somebody else's page can send every other type without being asked. */
export function readJson<S extends z.ZodType>(schema: S, type: string | undefined, body: unknown): z.infer<S> {
  if (!type?.startsWith('application/json')) throw new UnsupportedMediaTypeException('send application/json');
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new BadRequestException(z.prettifyError(parsed.error));
  return parsed.data;
}
