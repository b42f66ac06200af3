/** `npm run regulate`: how far offers are from what the model predicted, and what follows for the exploration share and for training; docs/feedback.md. */
import { ClientProxyFactory, Transport, type ClientProxy } from '@nestjs/microservices';
import { connectClickHouse, readCampaignAnswers, readLearnable, type ClickHouseClient } from '@sp/clickhouse';
import { operatorPatterns, type DecisionPolicy } from '@sp/contracts';
import { isRegulated, regulateExploration, retrainingReason, surpriseOf } from '@sp/offers';
import { Refusal } from '@sp/testing';
import { parseArgs } from 'node:util';
import { firstValueFrom, timeout } from 'rxjs';

const usage = `npm run regulate -- --clickhouse URL [--nats URL] [--apply]
  Says what the measured surprise asks for; --apply publishes the changed policy to the running line.`;
const longestBy = 128;

async function main(): Promise<void> {
  const { values } = parse();
  const url = values.clickhouse ?? process.env['CLICKHOUSE_URL'];
  if (!url) throw new Refusal(`Say --clickhouse.\n${usage}`);
  const client = connectClickHouse(url);
  const operators = ClientProxyFactory.create({ transport: Transport.NATS, options: { servers: [values.nats], name: 'regulate' } });
  try {
    await regulate(client, operators, values.apply);
  } finally {
    await operators.close();
    await client.close();
  }
}

function parse() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ options: { clickhouse: text, nats: { ...text, default: process.env['NATS_URL'] ?? 'nats://127.0.0.1:4222' }, apply: { type: 'boolean', default: false } } });
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n${usage}`, { cause: error });
  }
}

async function regulate(client: ClickHouseClient, operators: ClientProxy, apply: boolean): Promise<void> {
  const surprise = surpriseOf(await readCampaignAnswers(client));
  const timeMs = (await readLearnable(client))?.untilMs ?? 0;
  if (!surprise) return say('Too few offers whose time is over to judge the predictions by: at least three campaigns with five expected redemptions each.');
  say(`Redemptions of ${surprise.campaigns} campaigns are ${surprise.dispersion.toFixed(2)} times as far from their predictions as chance brings; up to ${(1 + surprise.chance).toFixed(2)} may be chance.`);
  const training = retrainingReason(surprise);
  say(training ? `A new model is wanted: ${training}.` : 'No new model is wanted for that.');
  const policy = await ask<DecisionPolicy>(operators, operatorPatterns.readPolicy, {});
  if (!isRegulated(policy)) say(`Policy ${policy.version} is somebody's own: nothing is regulated until one whose name begins with regulated- is published.`);
  const regulation = regulateExploration(policy, surprise, { timeMs });
  if (!regulation) return say(`The exploration share stays at ${policy.exploration.share} (policy ${policy.version}).`);
  say(regulation.reason);
  if (!apply) return say('Not published: say --apply.');
  const answer = await ask<object>(operators, operatorPatterns.publishPolicy, { changes: regulation.changes, by: `regulation: ${regulation.reason}`.slice(0, longestBy) });
  if ('message' in answer) throw new Refusal(String(answer.message));
  say(`Published as policy ${regulation.changes.version}. To take it back, publish the former one: npm run operate -- policy FILE`);
}

function ask<Answer>(operators: ClientProxy, pattern: string, data: object): Promise<Answer> {
  return firstValueFrom(operators.send<Answer>(pattern, data).pipe(timeout(5_000)));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
