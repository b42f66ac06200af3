export { connectNats } from './connect-nats';
export { DeadLetterLog, type DeadLetterMessage } from './dead-letter-log';
export { LogGapError, NatsInputLog } from './nats-input-log';
export { NatsOutputLog } from './nats-output-log';
export { embeddedLimits, ensureStreams, type StreamLimits } from './streams';
