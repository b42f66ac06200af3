import { createServer } from 'node:net';

const given = new Set<number>();

/** A port of 127.0.0.1 that nobody listens on; never the same one twice in this process. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await listenOnce(0);
    if (port === undefined) throw new Error('no port of 127.0.0.1 is free');
    if (given.has(port)) continue;
    given.add(port);
    return port;
  }
}

export async function isPortFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((settle) => {
    const server = createServer();
    server.once('error', () => settle(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => settle(address !== null && typeof address === 'object' ? address.port : undefined));
    });
  });
}
