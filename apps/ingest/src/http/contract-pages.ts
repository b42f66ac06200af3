import { openApiDocument } from '@sp/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { docsPage } from './docs-page';

const headers = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/** `/openapi.json` for machines, `/docs` for people: both made once, of the schemas that the door reads with. */
export function serveContract(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const document = JSON.stringify(openApiDocument());
  const page = docsPage();
  fastify.get('/openapi.json', (_request, reply) => reply.headers(headers).type('application/json; charset=utf-8').send(document));
  fastify.get('/docs', (_request, reply) => reply.headers(headers).type('text/html; charset=utf-8').send(page));
}
