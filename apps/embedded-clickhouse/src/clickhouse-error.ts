/** An error as ClickHouse reports it: a numeric code, and a message of the form `Code: N. DB::Exception: … (NAME)`. */
export class ClickHouseError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly httpStatus: number = httpStatusOf(code),
  ) {
    super(message);
    this.name = 'ClickHouseError';
  }
}

/** Builds an error of this front's own, in the engine's wording, so that clients parse it as they parse the engine's. */
export function frontError(name: keyof typeof FRONT_CODES, text: string): ClickHouseError {
  const { code, httpStatus } = FRONT_CODES[name];
  return new ClickHouseError(code, `Code: ${code}. DB::Exception: ${text}. (${name})`, httpStatus);
}

const FRONT_CODES = {
  SYNTAX_ERROR: { code: 62, httpStatus: 400 },
  BAD_ARGUMENTS: { code: 36, httpStatus: 400 },
  UNKNOWN_QUERY_PARAMETER: { code: 456, httpStatus: 400 },
  INCORRECT_DATA: { code: 117, httpStatus: 400 },
  ACCESS_DENIED: { code: 497, httpStatus: 403 },
  QUERY_IS_TOO_LARGE: { code: 552, httpStatus: 413 },
  NOT_IMPLEMENTED: { code: 48, httpStatus: 501 },
  TOO_MANY_SIMULTANEOUS_QUERIES: { code: 202, httpStatus: 503 },
  // What a client meets when the engine's process dies under its request: whether the block was stored is unknown, so it asks again with its token.
  NETWORK_ERROR: { code: 210, httpStatus: 503 },
  ABORTED: { code: 236, httpStatus: 503 },
} as const;

// The statuses of ClickHouse's own HTTP handler (exceptionCodeToHTTPStatus); everything it does not name is 500.
const BAD_REQUEST = [6, 26, 27, 33, 36, 38, 39, 41, 43, 44, 52, 53, 62, 63, 69, 72, 117, 130, 386, 441, 456, 457];
const NOT_FOUND = [16, 46, 47, 50, 56, 60, 73, 81, 115];

function httpStatusOf(code: number): number {
  if (BAD_REQUEST.includes(code)) return 400;
  if (NOT_FOUND.includes(code)) return 404;
  if (code === 159) return 408;
  if (code === 48) return 501;
  if (code === 202 || code === 209) return 503;
  return 500;
}
