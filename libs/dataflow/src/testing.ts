export { InMemoryLog } from './in-memory-log';
export { InMemoryStateStore } from './in-memory-state-store';
export { stateStoreSuite } from './state-store.suite';
