// The raw limit of the HTTP door: a bare Fastify route that puts each body, unread, into a stream as one message. Run by the bench.
import fastify from 'fastify';
import { connect } from 'nats';

const { NATS_URL, SUBJECT, PORT } = process.env;
const connection = await connect({ servers: NATS_URL, noAsyncTraces: true });
const stream = connection.jetstream();
const app = fastify({ bodyLimit: 64_000_000 });
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.post('/v1/events', async (request, reply) => {
  await stream.publish(SUBJECT, request.body);
  return reply.code(202).send({});
});
app.get('/health/ready', () => 'ready');
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
