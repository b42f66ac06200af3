export { connectNats, inboxOf } from './connect-nats';
export { DeadLetterLog, type DeadLetterMessage } from './dead-letter-log';
export { BeyondLogEndError, LogGapError, LogPositionError, NatsInputLog } from './nats-input-log';
export { NatsOutputLog } from './nats-output-log';
export { embeddedLimits, ensureStreams, makeLog, type StreamLimits } from './streams';
