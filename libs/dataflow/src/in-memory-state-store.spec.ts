import { describe } from 'vitest';
import { InMemoryStateStore } from './in-memory-state-store';
import { stateStoreSuite } from './state-store.suite';

describe('the state store in memory', () =>
  stateStoreSuite(() => {
    const store = new InMemoryStateStore();
    return { store, reopen: () => Promise.resolve(store) };
  }));
