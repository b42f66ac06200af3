/** `npm run operate`: what operators ask of a running line, over the services' NATS message patterns. */
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { operatorPatterns } from '@sp/contracts';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { firstValueFrom, timeout } from 'rxjs';

const usage = `npm run operate -- <command>, with NATS_URL (default nats://127.0.0.1:4222)
  models                 the models there are, and which one scores
  activate VERSION       let another version score
  campaigns              all campaigns, and what is used of their budgets
  train                  train a model from the line's own outcomes; it scores when it passes the gates
  training               how the training goes, or went
  pause CAMPAIGN         make no more offers of a campaign
  resume CAMPAIGN        make them again
  pause-merchant MERCHANT, resume-merchant MERCHANT   the same for all offers of a merchant
  campaign FILE          publish a campaign, or change it: a JSON file with the data of campaign.published
  policy                 the policy in force: caps, quiet hours, eligibility, exploration, pacing
  policy FILE            change it: a JSON file with the fields that change, and a new version
  features CLIENT        what is known of one client
  clusters               the groupings of clients and merchants there are, and which are used
  activate-clusters KIND VERSION   use another: client-clusters or merchant-clusters`;

const by = process.env['USER'] ?? 'operator';

function requestOf(command: string | undefined, subject: string | undefined, detail: string | undefined): { pattern: string; data: object } | undefined {
  if (command === 'models') return { pattern: operatorPatterns.listModels, data: {} };
  if (command === 'clusters') return { pattern: operatorPatterns.listClusters, data: {} };
  if (command === 'campaigns') return { pattern: operatorPatterns.listCampaigns, data: {} };
  if (command === 'policy') return subject === undefined ? { pattern: operatorPatterns.readPolicy, data: {} } : { pattern: operatorPatterns.publishPolicy, data: { changes: readJson(subject), by } };
  if (command === 'train') return { pattern: operatorPatterns.startTraining, data: { by } };
  if (command === 'training') return { pattern: operatorPatterns.trainingStatus, data: {} };
  if (subject === undefined) return undefined;
  if (command === 'campaign') return { pattern: operatorPatterns.publishCampaign, data: { campaign: readJson(subject), by } };
  if (command === 'pause-merchant' || command === 'resume-merchant') return { pattern: operatorPatterns.pauseMerchant, data: { merchantId: subject, paused: command === 'pause-merchant', by } };
  if (command === 'activate-clusters') return { pattern: operatorPatterns.activateClusters, data: { kind: subject, version: detail, by } };
  if (command === 'activate') return { pattern: operatorPatterns.activateModel, data: { version: subject, by } };
  if (command === 'pause' || command === 'resume') return { pattern: operatorPatterns.pauseCampaign, data: { campaignId: subject, paused: command === 'pause', by } };
  if (command === 'features') return { pattern: operatorPatterns.readFeatures, data: { clientId: subject } };
  return undefined;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(resolve(process.env['INIT_CWD'] ?? '.', file), 'utf8'));
}

async function main(): Promise<void> {
  const request = requestOf(process.argv[2], process.argv[3], process.argv[4]);
  if (!request) throw new Error(usage);
  const client = ClientProxyFactory.create({ transport: Transport.NATS, options: { servers: [process.env['NATS_URL'] ?? 'nats://127.0.0.1:4222'], name: 'operate' } });
  try {
    const answer: unknown = await firstValueFrom(client.send(request.pattern, request.data).pipe(timeout(5_000)));
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  } finally {
    await client.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : JSON.stringify(error)}\n`);
  process.exitCode = 1;
});
