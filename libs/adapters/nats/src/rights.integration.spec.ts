import { bankDoor, controlLog, deadLetters, natsAuthorization, natsRights, offersDoor, stageLog, stages, type NatsUser } from '@sp/contracts';
import { startNats, type NatsHandle } from '@sp/testing';
import { Events, type NatsConnection } from 'nats';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectNats, inboxOf } from './connect-nats';

// Real: nats-server with the users of a deployment. The whole line runs under the same rights in tools/line.integration.spec.ts.
const users = Object.keys(natsRights(1)) as NatsUser[];
const password = (user: NatsUser): string => `secret-of-${user}`;
let server: NatsHandle;

beforeAll(async () => {
  server = await startNats({ folder: mkdtempSync(join(tmpdir(), 'sp-rights-')), sync: 'default', authorization: natsAuthorization(1, (user) => JSON.stringify(password(user))) });
});

afterAll(async () => {
  await server?.stop();
});

const urlOf = (user: NatsUser, secret = password(user)): string => `nats://${user}:${secret}@127.0.0.1:${server.port}`;

/** The subjects among these that the server refused. */
async function refused(user: NatsUser, subjects: readonly string[], use: (connection: NatsConnection, subject: string) => void): Promise<string[]> {
  const connection = await connectNats(urlOf(user), 'test');
  const found: string[] = [];
  void (async () => {
    for await (const { type, permissionContext } of connection.status()) if (type === Events.Error && permissionContext) found.push(permissionContext.subject);
  })();
  for (const subject of subjects) use(connection, subject);
  await connection.flush();
  await connection.flush();
  await connection.close();
  return found;
}

/** Who may write each subject of the line. */
const writers: Readonly<Record<string, readonly NatsUser[]>> = {
  ...Object.fromEntries(stages.map((stage) => [stageLog(stage, 0).subject, [stage]])),
  ...Object.fromEntries(stages.map((stage) => [deadLetters.subject(stage), [stage]])),
  [controlLog.subject]: ['ingest'],
  [bankDoor.subject]: ['bank'],
  [bankDoor.controlRequests]: ['feature-store', 'scorer', 'recommender', 'feedback-loop', 'monitor'],
  [offersDoor.subject(0)]: ['recommender'],
  [deadLetters.stateSubject]: ['monitor'],
  '$JS.API.STREAM.DELETE.OFFERS': [],
  '$JS.API.STREAM.PURGE.INGEST_0': [],
  '$JS.API.STREAM.CREATE.OTHER': [],
  '$JS.API.CONSUMER.CREATE.INGEST_0.x': ['ingest', 'feature-store'],
  '$JS.API.CONSUMER.CREATE.OFFERS.x': ['bank', 'recommender'],
  '$JS.API.CONSUMER.CREATE.RECOMMENDER_0.x': ['ingest', 'recommender', 'feedback-loop'],
};

describe.each(users.filter((user) => user !== 'provisioner'))('%s', (user) => {
  it('writes what is his, and nothing else', async () => {
    const subjects = Object.keys(writers);
    const forbidden = subjects.filter((subject) => !writers[subject]?.includes(user));
    const found = await refused(user, subjects, (connection, subject) => connection.publish(subject));
    expect(found.sort()).toEqual(forbidden.sort());
  });

  it('hears his own answers, and nobody else’s', async () => {
    const others = users.filter((other) => other !== user && other !== 'provisioner').map((other) => `_INBOX.${other}.>`);
    const own = await connectNats(urlOf(user), 'test');
    const found = await refused(user, ['_INBOX.>', '>', 'line.>', ...others, `${inboxOf(own)}.*`], (connection, subject) => void connection.subscribe(subject));
    await own.close();
    expect(found.sort()).toEqual(['_INBOX.>', '>', 'line.>', ...others].sort());
  });
});

it('lets nobody in without a password, and says so instead of trying for ever', async () => {
  await expect(connectNats(urlOf('scorer', 'wrong'), 'test')).rejects.toThrow(/refuses the user scorer/);
  await expect(connectNats(`nats://127.0.0.1:${server.port}`, 'test')).rejects.toThrow(/refuses the user \(none\)/);
});
