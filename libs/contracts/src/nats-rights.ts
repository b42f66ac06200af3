import { bankDoor, controlLog, deadLetters, decisionAnswers, modelArtefacts, offersDoor, operatorPatterns, stageLog, type ServiceName, type StageName } from './topology';

/** The users of the log: the bank's systems, each service, and who makes the streams (`npm run migrate`). */
export type NatsUser = ServiceName | 'bank' | 'provisioner';

/** NATS subjects, with its wildcards. */
export interface NatsRights {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** May answer whoever asked it, wherever he waits. */
  readonly answers?: boolean;
}

/** What a user does on the log; everything else follows from it. */
interface Part {
  /** Streams that it reads with consumers of its own. */
  readonly reads: readonly string[];
  /** Subjects whose messages it writes. */
  readonly writes: readonly string[];
  /** Operators' patterns that it answers, and those that it asks. */
  readonly answers?: readonly string[];
  readonly asks?: readonly string[];
}

/**
 * The least that each user needs on a line of so many partitions: a service writes the logs of its own stage, reads that of the stage before it, and
 * hears answers in an inbox of its own (`_INBOX.<user>.>`). Nobody but the provisioner makes or changes a stream.
 */
export function natsRights(partitions: number): Readonly<Record<NatsUser, NatsRights>> {
  const rights = Object.entries(partsOf(partitions)).map(([user, part]) => [user, rightsOf(user, part)] as const);
  return { ...(Object.fromEntries(rights) as Record<Exclude<NatsUser, 'provisioner'>, NatsRights>), provisioner: { publish: ['>'], subscribe: ['>'] } };
}

function partsOf(partitions: number): Record<Exclude<NatsUser, 'provisioner'>, Part> {
  const logs = (stage: StageName): string[] => streamsOf(stage, partitions);
  const output = (stage: StageName): string[] => [`line.${stage}.*`, deadLetters.subject(stage)];
  return {
    'bank': { reads: [offersDoor.stream], writes: [bankDoor.subject] },
    'ingest': { reads: [bankDoor.stream, controlLog.stream, ...logs('ingest'), ...logs('recommender'), answersStream], writes: [...output('ingest'), controlLog.subject] },
    'feature-store': {
      reads: [...logs('ingest'), ...logs('feature-store')],
      writes: [...output('feature-store'), bankDoor.controlRequests],
      answers: ['operator.clients.*', 'operator.clusters.*'],
    },
    'scorer': { reads: [...logs('feature-store'), ...logs('scorer'), modelsStream], writes: [...output('scorer'), bankDoor.controlRequests], answers: ['operator.models.*'] },
    'recommender': {
      reads: [...logs('scorer'), ...logs('recommender'), offersDoor.stream, answersStream],
      // The answer to a client's app goes to the inbox in which ingest waits for it.
      writes: [...output('recommender'), bankDoor.controlRequests, offersDoor.subjects, `$KV.${decisionAnswers.bucket}.>`, `${inboxPrefix('ingest')}.>`],
      answers: ['operator.campaigns.*', 'operator.merchants.*', 'operator.policy.*', 'operator.experiments.*'],
    },
    'feedback-loop': {
      reads: [...logs('recommender'), ...logs('feedback-loop'), modelsStream],
      writes: [...output('feedback-loop'), bankDoor.controlRequests, `$O.${modelArtefacts.bucket}.>`],
      answers: ['operator.training.*'],
      asks: [operatorPatterns.listModels, operatorPatterns.activateModel, operatorPatterns.readPolicy, operatorPatterns.publishPolicy],
    },
    'monitor': {
      reads: [deadLetters.stream, modelsStream],
      writes: [deadLetters.stateSubject, bankDoor.controlRequests],
      asks: ['operator.>'],
    },
  };
}

function rightsOf(user: string, { reads, writes, answers = [], asks = [] }: Part): NatsRights {
  // How long a stream is may be known to every service.
  const known = user === 'bank' ? [] : ['$JS.API.STREAM.NAMES', '$JS.API.STREAM.INFO.*'];
  return {
    publish: [...writes, ...asks, '$JS.API.INFO', ...known, ...reads.flatMap(readingSubjects)],
    subscribe: [`${inboxPrefix(user)}.>`, ...answers],
    ...(answers.length > 0 ? { answers: true } : {}),
  };
}

/** What the client asks of JetStream to read a stream: by ordered consumers, or one message. */
function readingSubjects(stream: string): string[] {
  const api = '$JS.API';
  return [
    `${api}.STREAM.INFO.${stream}`, `${api}.STREAM.MSG.GET.${stream}`, `${api}.DIRECT.GET.${stream}`, `${api}.DIRECT.GET.${stream}.>`,
    ...['CREATE', 'INFO', 'DELETE', 'MSG.NEXT'].map((verb) => `${api}.CONSUMER.${verb}.${stream}.>`), `${api}.CONSUMER.CREATE.${stream}`,
    `$JS.ACK.${stream}.>`, `$JS.FC.${stream}.>`,
  ];
}

export function inboxPrefix(user: string): string {
  return `_INBOX.${user}`;
}

const streamsOf = (stage: StageName, partitions: number): string[] => Array.from({ length: partitions }, (_, partition) => stageLog(stage, partition).stream);
const answersStream = `KV_${decisionAnswers.bucket}`;
const modelsStream = `OBJ_${modelArtefacts.bucket}`;

/** The `authorization` block of a nats-server; passwords as `password` says, an environment variable by default. */
export function natsAuthorization(partitions: number, password: (user: NatsUser) => string = (user) => `$${passwordVariable(user)}`): string {
  const users = Object.entries(natsRights(partitions)).map(([user, { publish, subscribe, answers }]) => {
    const list = (subjects: readonly string[]): string => `[\n${subjects.map((subject) => `        ${JSON.stringify(subject)}`).join('\n')}\n      ]`;
    const reply = answers ? '\n      allow_responses: true' : '';
    return `    { user: ${user}, password: ${password(user as NatsUser)}, permissions: {\n      publish: ${list(publish)}\n      subscribe: ${list(subscribe)}${reply}\n    } }`;
  });
  return `authorization {\n  users: [\n${users.join('\n')}\n  ]\n}\n`;
}

export function passwordVariable(user: NatsUser): string {
  return `NATS_${user.toUpperCase().replace('-', '_')}_PASSWORD`;
}
