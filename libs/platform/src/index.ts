export { row, SinkHost, stageSource, type SinkHostOptions, type SinkSource } from './sink-host';
export { DeadLetterDesk, type DeadLetterDeskOptions, type DropOutcome, type ReplayOutcome } from './dead-letter-desk';
export { LineConnection } from './line-connection';
export { metrics } from './metrics';
export { watchParent } from './parent-watch';
export { ConfigError, readConfig, serviceEnvironment } from './read-config';
export { registerReadiness } from './readiness';
export { startService, type ServiceOptions } from './start-service';
export { pauseBeforeRetry, StageHost, type StageHostOptions } from './stage-host';
