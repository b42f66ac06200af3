import { stateStoreSuite } from '@sp/dataflow/testing';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { LmdbStateStore } from './lmdb-state-store';

describe('the state store in LMDB', () =>
  stateStoreSuite(() => {
    const folder = mkdtempSync(join(tmpdir(), 'sp-lmdb-'));
    return { store: new LmdbStateStore(folder), reopen: () => Promise.resolve(new LmdbStateStore(folder)) };
  }));
