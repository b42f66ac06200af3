import { inboxPrefix } from './nats-rights';

/** The servers (`nats://` or `tls://`, separated by commas) and who one is there: `nats://scorer:secret@host:4222`. */
export interface NatsAddress {
  readonly servers: string[];
  readonly user?: string;
  readonly pass?: string;
  readonly tls?: object;
  readonly inboxPrefix?: string;
}

/** Reads user and password out of the URL, since the client does not; a certificate authority of one's own is Node's `NODE_EXTRA_CA_CERTS`. */
export function natsAddress(text: string): NatsAddress {
  const urls = text.split(',').map((url) => new URL(url.includes('://') ? url : `nats://${url}`));
  const { username, password } = urls.find((url) => url.username !== '') ?? { username: '', password: '' };
  return {
    servers: urls.map((url) => url.host),
    ...(username === '' ? {} : { user: decodeURIComponent(username), pass: decodeURIComponent(password), inboxPrefix: inboxPrefix(decodeURIComponent(username)) }),
    ...(urls.some((url) => url.protocol === 'tls:') ? { tls: {} } : {}),
  };
}
