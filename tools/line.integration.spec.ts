import { natsAddress, bankDoor, controlLog, offersDoor, operatorPatterns, type DecisionAnswer, type DecisionDetail, type DecisionPolicy, type DecisionRecord, type Envelope } from '@sp/contracts';
import { anEvent, asEnvelope, mondayMs } from '@sp/contracts/testing';
import { decodeFrame } from '@sp/dataflow';
import { connectNats } from '@sp/nats';
import { openModelStore, saveConstantModel } from '@sp/models';
import { repositoryFolder, startLine, startNats, type Line } from '@sp/testing';
import { ClientProxyFactory, Transport, type ClientProxy } from '@nestjs/microservices';
import { nanos, type NatsConnection } from 'nats';
import { mkdtempSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recompute } from './decisions/recompute';

// Real: nats-server, the embedded ClickHouse, all six built services, the shipped model. Nothing is faked.
const dayMs = 86_400_000;
const hourMs = 3_600_000;
const noonMs = mondayMs + 12 * hourMs;
const clients = Array.from({ length: 120 }, (_, index) => `client-${index}`);

let line: Line;
let nats: NatsConnection;
let operators: ClientProxy;
const folder = mkdtempSync(join(tmpdir(), 'sp-line-'));

const modelsFolder = join(folder, 'models');
let constantModel: string;

const start = (): Promise<Line> => startLine({ folder: join(folder, 'data'), clock: 'events', sync: 'default', usersAtLog: true, env: { LOG_LEVEL: 'warn', MODELS_FOLDER: modelsFolder } });

/** The shipped models, and beside them one that says 20 % of everything. */
async function prepareModels(): Promise<void> {
  await cp(join(repositoryFolder(), 'models'), modelsFolder, { recursive: true });
  constantModel = await saveConstantModel(openModelStore(modelsFolder), 'redemption', 0.2);
}

async function connect(): Promise<void> {
  nats = await connectNats(line.urls.nats, 'test');
  operators = ClientProxyFactory.create({ transport: Transport.NATS, options: { ...natsAddress(line.urls.nats) } });
}

beforeAll(async () => {
  await prepareModels();
  line = await start();
  await connect();
}, 120_000);

afterAll(async () => {
  await operators?.close();
  await nats?.close();
  await line?.stop();
}, 60_000);

async function post(body: unknown, type = 'application/cloudevents-batch+json'): Promise<{ status: number; body: Answer }> {
  const response = await fetch(`${line.urls.ingest}/v1/events`, { method: 'POST', headers: { 'content-type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Answer };
}

interface Answer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly message?: string;
  readonly items: readonly { id: string; status: string; reason?: string; field?: string; message?: string }[];
}

const monitor = async <T>(path: string): Promise<T> => (await fetch(`${line.urls.monitor}${path}`)).json() as Promise<T>;

async function decideNow(clientId: string): Promise<DecisionAnswer> {
  const response = await fetch(`${line.urls.ingest}/v1/decisions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ clientId }) });
  return (await response.json()) as DecisionAnswer;
}

async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 150; attempt++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resume) => setTimeout(resume, 200));
  }
  throw new Error(`${what} did not come`);
}

async function offersIssued(): Promise<Envelope[]> {
  const { pending, consumer } = await openOffers();
  const found: Envelope[] = [];
  if (pending === 0) return found;
  for await (const message of await consumer.fetch({ max_messages: pending, expires: 3_000 })) found.push(message.json<Envelope>());
  return found;
}

async function openOffers() {
  const consumer = await nats.jetstream().consumers.get(offersDoor.stream);
  return { consumer, pending: (await consumer.info()).num_pending };
}

/** Facts that somebody published; merged tables come by themselves. */
async function controlFacts(): Promise<number> {
  const manager = await nats.jetstreamManager();
  const { state } = await manager.streams.info(controlLog.stream);
  let facts = 0;
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    facts += decodeFrame((await manager.streams.getMessage(controlLog.stream, { seq })).data).events.filter(({ type }) => type !== 'table.merged').length;
  }
  return facts;
}

/** Whole records of the offers that the model's arm chose in a span of event time. */
async function modelDecisions(fromMs: number, toMs: number): Promise<DecisionRecord[]> {
  const recent = await monitor<{ decisionId: string; arm: string; outcome: string; timeMs: number }[]>('/v1/decisions?limit=1000');
  const wanted = recent.filter(({ arm, outcome, timeMs }) => arm === 'model' && outcome === 'offer' && timeMs >= fromMs && timeMs < toMs);
  return Promise.all(wanted.map(({ decisionId }) => monitor<DecisionRecord>(`/v1/decisions/${decisionId}`)));
}

/** What a day does: every message of every stream grows too old. */
async function expireLogs(): Promise<void> {
  const server = await startNats({ folder: join(folder, 'data', 'nats'), sync: 'default' });
  const connection = await connectNats(server.url, 'time');
  const manager = await connection.jetstreamManager();
  const kept = [];
  for await (const { config } of manager.streams.list()) kept.push(config);
  for (const config of kept) await manager.streams.update(config.name, { ...config, max_age: nanos(100), duplicate_window: nanos(100) });
  await eventually('empty logs', async () => {
    let messages = 0;
    for await (const { state } of manager.streams.list()) messages += state.messages;
    return messages === 0 ? true : undefined;
  });
  for (const config of kept) await manager.streams.update(config.name, config);
  await connection.close();
  await server.stop();
}

const tick = (timeMs: number): Promise<unknown> => post([asEnvelope(anEvent('client.acted', { subject: 'clock-driver', id: `drive-${timeMs}`, timeMs }))]);

describe('the line, all of it', () => {
  it('answers every kind of bad input by item and field, and goes on with the others', async () => {
    const good = asEnvelope(anEvent('client.registered', { subject: 'c-good', id: 'good', timeMs: mondayMs }));
    const purchase = (data: object, id: string): object => ({ ...asEnvelope(anEvent('transaction.authorised', { id, timeMs: mondayMs })), data: { ...anEvent('transaction.authorised').data, ...data } });
    const { status, body } = await post([
      good,
      { ...good, id: 'no-type', type: 'client.vanished' },
      purchase({ amountMinor: undefined }, 'no-amount'),
      purchase({ currency: 'EURO' }, 'bad-currency'),
      purchase({ counterparty: '4111 1111 1111 1111' }, 'card'),
      { hello: 'world' },
      good,
    ]);
    expect(status).toBe(207);
    expect(body.items.map(({ status: verdict, reason, field }) => [verdict, reason, field])).toEqual([
      ['accepted', undefined, undefined],
      ['rejected', 'unknown-type', 'type'],
      ['rejected', 'invalid-data', 'data.amountMinor'],
      ['rejected', 'invalid-data', 'data.currency'],
      ['rejected', 'card-number', 'data.counterparty'],
      ['rejected', 'malformed-envelope', 'specversion'],
      ['duplicate', undefined, undefined],
    ]);
    expect(await post('{"specversion":', 'application/json')).toMatchObject({ status: 400, body: { message: expect.stringContaining('not JSON') } });
    expect((await post(`${JSON.stringify(good)}\nnot json\n`, 'application/x-ndjson')).body.items.map(({ status: verdict, field }) => [verdict, field])).toEqual([['duplicate', undefined], ['rejected', 'line 2']]);
    expect(await post('x'.repeat(10 * 1024 * 1024), 'application/json')).toMatchObject({ status: 413 });
    const letters = await eventually('a dead letter', async () => {
      const found = JSON.stringify(await monitor('/v1/dead-letters?limit=50'));
      return found.includes('card-number') ? found : undefined;
    });
    expect(letters).not.toContain('4111 1111 1111 1111');
  });

  it('takes a bank’s events to offers on terms, with a record that explains each', async () => {
    const merchants = ['a', 'b', 'c'].map((name, index) => anEvent('merchant.registered', { id: `m-${name}`, timeMs: mondayMs, data: { merchantId: `shop-${name}`, mcc: [5411, 5812, 5651][index]! } }));
    const terms = [5, 10, 20].map((discountPercent) => ({ discountPercent, validityDays: 3, minimumCheckMinor: 1_000 }));
    const campaigns = merchants.map(({ data }) => anEvent('campaign.published', { id: `k-${data.merchantId}`, timeMs: mondayMs, data: { campaignId: `campaign-${data.merchantId}`, merchantId: data.merchantId, budgetMinor: 100_000_000, terms } }));
    const registrations = clients.map((subject) => anEvent('client.registered', { id: `r-${subject}`, subject, timeMs: mondayMs }));
    const history = clients.flatMap((subject, index) => [1, 2, 3].map((visit) => anEvent('transaction.authorised', {
      id: `h-${subject}-${visit}`, subject, timeMs: noonMs - 3 * hourMs + visit * 60_000 + index * 1_000, data: { transactionId: `h-${subject}-${visit}`, merchantId: `shop-${'abc'[index % 3]}`, mcc: 5411, amountMinor: 2_000 + visit },
    })));
    const opened = clients.map((subject, index) => anEvent('client.acted', { id: `o-${subject}`, subject, timeMs: noonMs + 8 * hourMs + index * 1_000 }));
    const all = [...merchants, ...campaigns, ...registrations, ...history, ...opened];
    const { body } = await post(all.map(asEnvelope));
    expect(body.accepted).toBe(all.length);
    const offers = await eventually('offers', async () => {
      const found = await offersIssued();
      return found.length > 20 ? found : undefined;
    });
    const offer = offers[0]!.data as { offerId: string; decisionId: string; clientId: string; arm: string; terms: { discountPercent: number } };
    expect(terms.map(({ discountPercent }) => discountPercent)).toContain(offer.terms.discountPercent);
    const record = await eventually('the decision record', async () => {
      const response = await fetch(`${line.urls.monitor}/v1/decisions/${offer.decisionId}`);
      return response.ok ? ((await response.json()) as DecisionRecord) : undefined;
    });
    expect(record).toMatchObject({ clientId: offer.clientId, arm: offer.arm, outcome: 'offer', salt: expect.any(String), versions: { model: expect.stringMatching(/^[0-9a-f]{12}$/) } });
    expect(record.propensity).toBeGreaterThan(0);
    expect(record.considered.filter(({ removedBy }) => removedBy === undefined)).toHaveLength(1);
    expect(new Set(offers.map(({ id }) => id)).size).toBe(offers.length);
  });

  it('explains a decision, its scores taken apart, and makes it again from its record and from the log', async () => {
    const { decisionId } = (await offersIssued()).find(({ data }) => (data as { arm: string }).arm === 'model')!.data as { decisionId: string };
    const detail = await eventually('the record', async () => {
      const response = await fetch(`${line.urls.monitor}/v1/decisions/${decisionId}`);
      return response.ok ? ((await response.json()) as DecisionDetail) : undefined;
    });
    const { words, scores, losers } = detail.explanation!;
    expect(words.join(' ')).toContain('The offer is');
    expect(losers.length).toBe(detail.considered.length - 1);
    expect(scores[0]?.chosen).toBe(true);
    for (const { marginLogOdds, conversion, biasLogOdds, contributions, restLogOdds } of scores) {
      expect(1 / (1 + Math.exp(-marginLogOdds))).toBeCloseTo(conversion, 5);
      expect(contributions.reduce((sum, { logOdds }) => sum + logOdds, biasLogOdds + restLogOdds)).toBeCloseTo(marginLogOdds, 9);
    }
    expect(await recompute(detail as DecisionRecord, nats, 4)).toMatchObject({ fromRecord: 'same', fromLog: 'same' });
  });

  it('takes the same events by NATS and knows them again', async () => {
    const before = (await post([asEnvelope(anEvent('client.acted', { subject: 'c-nats', id: 'n-0', timeMs: noonMs + 9 * hourMs }))])).body;
    expect(before.accepted).toBe(1);
    const event = asEnvelope(anEvent('client.acted', { subject: 'c-nats', id: 'n-1', timeMs: noonMs + 9 * hourMs }));
    await nats.jetstream().publish(bankDoor.subject, JSON.stringify([event, event]));
    await eventually('the event to be known', async () => ((await post([event])).body.duplicates === 1 ? true : undefined));
  });

  it('follows an accepted offer to its outcome', async () => {
    const offer = (await offersIssued())[0]!.data as { offerId: string; clientId: string; merchantId: string };
    const timeMs = noonMs + 10 * hourMs;
    const purchase = anEvent('transaction.authorised', { id: 'redeeming', subject: offer.clientId, timeMs, data: { transactionId: 'redeeming', merchantId: offer.merchantId, amountMinor: 5_000 } });
    const response = anEvent('offer.responded', { id: 'accepting', subject: offer.clientId, timeMs: timeMs - 1_000, data: { offerId: offer.offerId, response: 'accepted' } });
    expect((await post([response, purchase].map(asEnvelope))).body.accepted).toBe(2);
    const arms = await eventually('an outcome in the arms’ figures', async () => {
      const { experiments } = await monitor<{ experiments: { arms: { arm: string; acceptance?: { known: boolean; value: number } }[] }[] }>('/v1/experiments');
      const found = experiments?.[0]?.arms;
      return found?.some(({ acceptance }) => acceptance?.known && acceptance.value > 0) ? found : undefined;
    });
    expect(arms.map(({ arm }) => arm)).toEqual(['holdout', 'random', 'rules', 'model']);
  });

  it('answers an app that asks for a decision now', async () => {
    const ask = (): Promise<Response> => fetch(`${line.urls.ingest}/v1/decisions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ clientId: 'client-1', requestId: 'once', context: {} }) });
    const response = await ask();
    expect(response.status).toBe(200);
    const decision = (await response.json()) as DecisionRecord;
    expect(await (await ask()).json()).toEqual(decision);
    expect(decision).toMatchObject({ clientId: 'client-1', trigger: 'requested', outcome: expect.stringMatching(/offer|ghost|none/) });
  });

  it('decides otherwise when a constant takes the model’s place', async () => {
    const judged = await modelDecisions(mondayMs, noonMs + 12 * hourMs);
    expect(judged.length).toBeGreaterThan(15);
    expect(judged.some(({ considered }) => new Set(considered.map(({ conversion }) => conversion)).size > 1)).toBe(true);
    expect(new Set(judged.map(({ offer }) => offer!.terms.discountPercent)).size).toBeGreaterThan(1);

    const facts = await controlFacts();
    await firstValueFrom(operators.send(operatorPatterns.activateModel, { version: constantModel }));
    await eventually('the switch in the control log', async () => ((await controlFacts()) === facts + 1 ? true : undefined));
    const newcomers = Array.from({ length: 60 }, (_, index) => `late-${index}`);
    const arrivals = newcomers.map((subject) => anEvent('client.registered', { id: `r-${subject}`, subject, timeMs: noonMs + 2 * dayMs }));
    const opened = newcomers.map((subject, index) => anEvent('client.acted', { id: `o-${subject}`, subject, timeMs: noonMs + 2 * dayMs + hourMs + index * 1_000 }));
    await post([...arrivals, ...opened].map(asEnvelope));
    const blind = await eventually('decisions by the constant', async () => {
      // The tick of that day may wake clients of before, ahead of the switch in their log: only the newcomers are sure to come after it.
      const found = (await modelDecisions(noonMs + 2 * dayMs, noonMs + 3 * dayMs)).filter(({ clientId }) => clientId.startsWith('late-'));
      return found.length >= 15 ? found : undefined;
    });
    // With one conversion for all, the cheapest terms have the highest value: nothing else is ever chosen but by exploration.
    const chosen = blind.filter(({ exploration }) => !exploration);
    expect(new Set(chosen.flatMap(({ considered }) => considered.map(({ conversion }) => conversion.toFixed(3))))).toEqual(new Set(['0.200']));
    expect(new Set(chosen.map(({ offer }) => offer!.terms.discountPercent))).toEqual(new Set([5]));
  });

  it('brings what is known of merchants over all partitions to every decision, and measures each step by its name', async () => {
    const decided = await modelDecisions(noonMs + 2 * dayMs, noonMs + 3 * dayMs);
    const versions = decided.map(({ versions: { merchantStatistics } }) => merchantStatistics ?? 0);
    expect(Math.max(...versions)).toBeGreaterThan(noonMs);
    const metrics = async (service: 'recommender' | 'feedback-loop'): Promise<string> => (await fetch(`${line.urls[service]}/metrics`)).text();
    expect(await metrics('recommender')).toMatch(/step_events_total\{stage="recommender",step="decide"\} [1-9]/);
    expect(await metrics('feedback-loop')).toMatch(/merged_versions_total\{table="merchant-statistics"\} [1-9]/);
  });

  it('obeys operators: models, a paused campaign, one client’s features', async () => {
    const models = await firstValueFrom(operators.send<{ version: string; active: boolean }[]>(operatorPatterns.listModels, {}));
    expect(models.filter(({ active }) => active)).toHaveLength(1);
    expect(await firstValueFrom(operators.send(operatorPatterns.activateModel, { version: '000000000000' }))).toMatchObject({ message: expect.stringContaining('no model') });
    expect(await firstValueFrom(operators.send(operatorPatterns.readFeatures, { clientId: 'client-2' }))).toMatchObject({ clientId: 'client-2', features: { purchasesAll: 3 } });
    const facts = await controlFacts();
    for (const name of ['a', 'b', 'c']) await firstValueFrom(operators.send(operatorPatterns.pauseCampaign, { campaignId: `campaign-shop-${name}` }));
    await eventually('the pauses in the control log', async () => ((await controlFacts()) === facts + 3 ? true : undefined));
    const before = (await offersIssued()).length;
    const later = clients.map((subject, index) => anEvent('client.acted', { id: `p-${subject}`, subject, timeMs: noonMs + 9 * dayMs + index * 1_000 }));
    await post(later.map(asEnvelope));
    await tick(noonMs + 9 * dayMs + 2 * hourMs);
    await new Promise((resume) => setTimeout(resume, 2_000));
    expect(await offersIssued()).toHaveLength(before);
  });

  it('changes the policy through the control log, from a place in it on, and says what is wrong with one', async () => {
    const policy = await firstValueFrom(operators.send<DecisionPolicy>(operatorPatterns.readPolicy, {}));
    expect(await firstValueFrom(operators.send(operatorPatterns.publishPolicy, { changes: { version: 'x', contact: { weeklyCap: -1 } } }))).toMatchObject({ message: expect.stringContaining('weeklyCap') });
    expect(await firstValueFrom(operators.send(operatorPatterns.publishPolicy, { changes: { contact: { weeklyCap: 2 } } }))).toMatchObject({ message: expect.stringContaining('new version') });
    await firstValueFrom(operators.send(operatorPatterns.publishPolicy, { changes: { version: 'calm-1', contact: { weeklyCap: 2 } } }));
    const changed = await eventually('the new policy', async () => {
      const now = await firstValueFrom(operators.send<DecisionPolicy>(operatorPatterns.readPolicy, {}));
      return now.version === 'calm-1' ? now : undefined;
    });
    expect(changed).toEqual({ ...policy, version: 'calm-1', contact: { ...policy.contact, weeklyCap: 2 } });
    expect((await decideNow('client-7')).versions.policy).toBe('calm-1');
  });

  it('offers nothing once consent is withdrawn, nor to a client who was erased', async () => {
    const [withdrawn, erased] = ['client-8', 'client-9'] as const;
    for (const clientId of [withdrawn, erased]) expect((await decideNow(clientId)).reason).not.toBe('no-consent');
    const timeMs = noonMs + 9 * dayMs + 3 * hourMs;
    await post([anEvent('client.consent.changed', { id: 'withdraws', subject: withdrawn, timeMs }), anEvent('client.erasure.requested', { id: 'erases', subject: erased, timeMs })].map(asEnvelope));
    for (const clientId of [withdrawn, erased]) expect(await decideNow(clientId)).toMatchObject({ outcome: 'none', reason: 'no-consent', considered: [] });
  });

  it('goes on with the same data after a stop so long that all logs have expired', { timeout: 120_000 }, async () => {
    expect((await offersIssued()).length).toBeGreaterThan(0);
    await operators.close();
    await nats.close();
    await line.stop();
    await expireLogs();
    line = await start();
    await connect();
    expect((await post([asEnvelope(anEvent('client.acted', { subject: 'c-nats', id: 'n-1', timeMs: noonMs + 9 * hourMs }))])).body.duplicates).toBe(1);
    expect(await offersIssued()).toHaveLength(0);
    const purchases = clients.map((subject) => anEvent('transaction.authorised', { id: `after-${subject}`, subject, timeMs: noonMs + 10 * dayMs, data: { transactionId: `after-${subject}`, merchantId: 'shop-a' } }));
    expect((await post(purchases.map(asEnvelope))).body.accepted).toBe(clients.length);
    const features = (): Promise<{ features: { purchasesAll: number } }> => firstValueFrom(operators.send(operatorPatterns.readFeatures, { clientId: 'client-2' }));
    await eventually('the purchase in the features', async () => ((await features()).features.purchasesAll === 4 ? true : undefined));
    expect(await monitor('/v1/experiments')).toMatchObject({ experiments: [{ arms: expect.any(Array) }] });
  });
});
