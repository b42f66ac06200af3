import { createHmac, type Hmac } from 'node:crypto';

/** Headers of a signed request; the signature is an HMAC-SHA256 in base64 over `<id>\n<time>\n<body as it is sent>`. */
export const signatureHeaders = { key: 'sp-key', id: 'sp-request-id', time: 'sp-time', signature: 'sp-signature' } as const;

/** The time of a request may be so far from the door's clock. */
export const signatureToleranceMs = 300_000;

/** To be fed with the body's bytes. */
export function signatureOver(secret: string, id: string, time: string): Hmac {
  return createHmac('sha256', secret).update(`${id}\n${time}\n`);
}

export interface SigningKey {
  readonly id: string;
  readonly secret: string;
}

/** What a sender adds to his request; `time` is ISO 8601. */
export function signedHeaders({ id: key, secret }: SigningKey, request: { readonly id: string; readonly timeMs: number; readonly body: string | Uint8Array }): Record<string, string> {
  const time = new Date(request.timeMs).toISOString();
  const signature = signatureOver(secret, request.id, time).update(request.body).digest('base64');
  return { [signatureHeaders.key]: key, [signatureHeaders.id]: request.id, [signatureHeaders.time]: time, [signatureHeaders.signature]: signature };
}
