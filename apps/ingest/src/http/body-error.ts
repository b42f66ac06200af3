/** The body cannot be read on: what came before stands, what follows is unknown. */
export class BodyError extends Error {
  override readonly name = 'BodyError';

  constructor(
    readonly status: 400 | 413,
    message: string,
    /** The piece that could not be read; empty where it is about the whole. */
    readonly text = '',
  ) {
    super(message);
  }
}
