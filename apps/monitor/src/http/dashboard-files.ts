import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { statSync } from 'node:fs';
import { resolve, sep } from 'node:path';

const headers = {
  'content-security-policy': "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/**
 * Serves the built page: what has a hash in its name for ever, `index.html` never without asking. Any other path that is not the
 * API's gets `index.html`, so that a link into the page works.
 */
export async function serveDashboard(app: NestFastifyApplication, folder: string): Promise<void> {
  const root = resolve(folder);
  await app.register(fastifyStatic, { root, serve: false, preCompressed: true });
  const server = app.getHttpAdapter().getInstance();
  server.get('/*', (request, reply) => {
    const path = decodedPath(request.url);
    if (isFile(root, path)) return reply.headers(headers).sendFile(path, cachingOf(path));
    if (path.startsWith('v1/') || path.startsWith('assets/') || !isFile(root, 'index.html')) return reply.status(404).send(notFound(path));
    return reply.headers(headers).sendFile('index.html', cachingOf('index.html'));
  });
}

function cachingOf(path: string): { maxAge: number; immutable?: boolean } {
  return path.startsWith('assets/') ? { maxAge: 365 * 86_400_000, immutable: true } : { maxAge: 0 };
}

function notFound(path: string): { statusCode: number; message: string } {
  return { statusCode: 404, message: path === '' ? 'The page is not built: type "npm run build".' : `There is nothing at /${path}.` };
}

function decodedPath(url: string): string {
  const path = url.split('?', 1)[0]?.slice(1) ?? '';
  try {
    return decodeURIComponent(path) || 'index.html';
  } catch {
    return path;
  }
}

function isFile(root: string, path: string): boolean {
  const file = resolve(root, path);
  return file.startsWith(root + sep) && !path.includes('\0') && (statSync(file, { throwIfNoEntry: false })?.isFile() ?? false);
}
