import { describe, expect, it } from 'vitest';
import { checkTopology } from './check-topology';

const scorer = { stage: 'scorer', input: 'feature-store', consumes: ['decision.due'] } as const;

describe('a service that starts', () => {
  it('takes a flow whose contracts have one writer each, before it in the line', () => {
    expect(() => checkTopology(scorer)).not.toThrow();
  });

  it('names the contract that nobody writes', () => {
    expect(() => checkTopology(scorer, undefined, { 'feature-store': [] })).toThrow('scorer consumes decision.due, which no stage writes');
  });

  it('names both writers of a contract that has two', () => {
    expect(() => checkTopology(scorer, undefined, { 'ingest': ['decision.due'], 'feature-store': ['decision.due'] })).toThrow('ingest and feature-store write');
  });

  it('names the contract that is written behind it', () => {
    expect(() => checkTopology({ ...scorer, consumes: ['decision.made'] })).toThrow('decision.made, which recommender writes behind it');
  });

  it('names the log that is not the one before it', () => {
    expect(() => checkTopology({ ...scorer, input: 'ingest' })).toThrow('scorer reads the log of ingest');
  });
});
