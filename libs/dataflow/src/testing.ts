export { InMemoryLog } from './in-memory-log';
export { InMemoryStateStore } from './in-memory-state-store';
export { nastyScenario } from './simulation/nasty-flows';
export { Random } from './simulation/random';
export { FailedSchedule, simulate, type Account, type Scenario, type SimulatedFlow } from './simulation/simulate';
export { shrink, trySchedules, type Tried, type TryOptions } from './simulation/try-engine';
export { stateStoreSuite } from './state-store.suite';
