import { readDecision, type ClientAssigned, type ContactState, type DecisionRecord, type LineEvent, type OwnExperiment, type Scenario } from '@sp/contracts';
import { anEvent } from '@sp/contracts/testing';
import { describe, expect, it } from 'vitest';
import { aCandidate, aProfile, aScored, noonMs } from './builders';
import type { CampaignBudget } from './budget-ledger';
import { dayMs } from './day-ms';
import { decide } from './decide';
import { inputFromRecord } from './decision-inputs';
import { InMemoryEntryStore } from './entry-store';
import { alwaysOnExperiment, assignArm } from './experiment';
import { Recommendations, type ClientStore } from './recommendations';

const hourMs = dayMs / 24;
/** 23:00 where the clients built here live. */
const nightMs = noonMs + 11 * hourMs;
const morningMs = noonMs + 20 * hourMs;

class ContactStore extends InMemoryEntryStore<ContactState> implements ClientStore<ContactState> {
  delete(key: string): void {
    this.put(key, undefined as unknown as ContactState);
  }
}

/** A client of an arm that makes real offers and needs no luck. */
const clientId = Array.from({ length: 100 }, (_, number) => `c-${number}`).find((id) => assignArm(id, alwaysOnExperiment) === 'rules')!;

class Line {
  readonly records: DecisionRecord[] = [];
  readonly assigned: ClientAssigned['data'][] = [];
  readonly timers = new Map<string, number | undefined>();
  readonly fold = new Recommendations({
    partition: 0, partitions: 1, contacts: new ContactStore(), budgets: new InMemoryEntryStore<CampaignBudget>(), modes: new InMemoryEntryStore<boolean>(),
    statisticsVersion: () => 0,
    answers: { version: 0, row: () => undefined },
    timers: { set: (id, atMs) => void this.timers.set(id, atMs) },
  });

  constructor() {
    this.tell(anEvent('campaign.published'));
  }

  tell(event: LineEvent): this {
    this.fold.applyFact(event);
    this.fold.onEvent(event, (made) => {
      if (made.type === 'decision.made') this.records.push(readDecision(made.data));
      if (made.type === 'client.assigned') this.assigned.push(made.data);
    });
    return this;
  }

  due(timeMs: number, over: { scenario?: Scenario; trigger?: string; id?: string } = {}): this {
    const data = aScored({ scenario: over.scenario ?? 'event', trigger: over.trigger ?? 'app-opened', triggerEventId: over.id ?? `e-${timeMs}`, candidates: [aCandidate()], profile: aProfile() });
    return this.tell({ type: 'decision.scored', id: `s-${timeMs}`, source: 'test', subject: clientId, timeMs, data });
  }

  wake(timeMs: number): this {
    this.fold.onTimer(clientId, timeMs, (made) => made.type === 'decision.made' && this.records.push(readDecision(made.data)));
    return this;
  }

  get outcomes(): string[] {
    return this.records.map(({ outcome, reason }) => `${outcome} ${reason}`);
  }
}

describe('a moment in quiet hours', () => {
  it('moves to their end and is decided there, under an id of its own', () => {
    const line = new Line().due(nightMs, { id: 'e-1' });
    expect(line.records[0]).toMatchObject({ reason: 'quiet-hours', movedToMs: morningMs, barrier: { value: '23:00', threshold: '22:00-08:00' } });
    expect(line.timers.get(clientId)).toBe(morningMs);
    line.wake(morningMs);
    expect(line.outcomes).toEqual(['none quiet-hours', 'offer chosen']);
    expect(line.records[1]).toMatchObject({ triggerEventId: `e-1@${morningMs}`, trigger: 'app-opened' });
    expect(line.records[1]!.decisionId).not.toBe(line.records[0]!.decisionId);
    expect(line.wake(morningMs + dayMs).records).toHaveLength(2);
  });

  it('is lost where the reason is: he is no longer near; and who asked has his answer', () => {
    for (const trigger of ['near-merchant']) expect(new Line().due(nightMs, { trigger }).wake(morningMs).outcomes).toEqual(['none quiet-hours']);
  });

  it('is one for all scenarios: the latest waits, and an offer before it takes its place', () => {
    const line = new Line().due(nightMs, { scenario: 'forecast', id: 'f-1' }).due(nightMs + hourMs, { scenario: 'event', id: 'e-2' }).wake(morningMs);
    expect(line.records.at(-1)?.triggerEventId).toBe(`e-2@${morningMs}`);
    const asked = new Line().due(nightMs).due(nightMs + hourMs, { trigger: 'requested' });
    expect(asked.outcomes.at(-1)).toBe('offer chosen');
    expect(asked.wake(morningMs).records).toHaveLength(2);
  });
});

describe('one ledger for all scenarios', () => {
  it('counts an offer of any of them against the caps of the others', () => {
    const scenarios: Scenario[] = ['forecast', 'event', 'timer'];
    for (const first of scenarios) for (const second of scenarios) {
      expect(new Line().due(noonMs, { scenario: first, id: 'a' }).due(noonMs + hourMs, { scenario: second, id: 'b' }).outcomes).toEqual(['offer chosen', 'none daily-cap']);
    }
  });
});

describe('consent', () => {
  const withdrawn = anEvent('client.consent.changed', { subject: clientId, timeMs: nightMs + hourMs });

  it('withdrawn in the night ends what was moved to the morning', () => {
    expect(new Line().due(nightMs).tell(withdrawn).wake(morningMs).outcomes).toEqual(['none quiet-hours']);
  });

  it('brings nothing to a client who asked to be forgotten', () => {
    const line = new Line().due(nightMs).tell(anEvent('client.erasure.requested', { subject: clientId, timeMs: nightMs + hourMs }));
    expect(line.timers.get(clientId)).toBeUndefined();
    expect(line.wake(morningMs).outcomes).toEqual(['none quiet-hours']);
  });
});

describe('what operators change through the control log', () => {
  const base = { id: 'x', source: 'smart-purchases', timeMs: noonMs };

  it('holds from its place on: a paused merchant, another policy', () => {
    const paused = new Line().tell({ ...base, type: 'merchant.paused', subject: 'm-1', data: { merchantId: 'm-1', paused: true, by: 'test' } }).due(noonMs);
    expect(paused.records[0]?.considered[0]).toMatchObject({ removedBy: 'merchant-paused', finding: { value: 'paused', threshold: 'running' } });
    const line = new Line().due(noonMs);
    const { policy } = line.records[0]!.inputs!;
    line.tell({ ...base, type: 'policy.published', subject: 'policy', data: { policy: { ...policy, version: 'calm-1', contact: { ...policy.contact, weeklyCap: 1, dailyCap: 5 } }, by: 'test' } }).due(noonMs + 2 * dayMs);
    expect(line.records[1]).toMatchObject({ reason: 'weekly-cap', barrier: { value: 1, threshold: 1 }, versions: { policy: 'calm-1' } });
  });
});

it('takes another split from its place in the log on: a new epoch, announced once, with arms drawn anew', () => {
  const weights = { holdout: 1, random: 0, rules: 0, model: 0 };
  const changed: LineEvent = { type: 'split.changed', id: 's-1', source: 'test', subject: 'always-on', timeMs: noonMs, data: { experimentId: 'always-on', epoch: 2, salt: 'always-on-2', weights, by: 'test' } };
  const line = new Line().due(noonMs).tell(changed).due(noonMs + 2 * dayMs).due(noonMs + 4 * dayMs);
  expect(line.records.map(({ epoch }) => epoch)).toEqual([1, 2, 2]);
  expect(line.records[1]).toMatchObject({ salt: 'always-on-2', arm: 'holdout', outcome: 'ghost' });
  expect(line.assigned.map(({ epoch }) => epoch)).toEqual([1, 2]);
});

describe("an experiment of the bank's own", () => {
  const declared: OwnExperiment = {
    experimentId: 'bolder', hypothesis: 'h', within: 'rules', share: 1, control: 'as-now', metrics: ['spend'], guardrails: [], horizonDays: 14, arms: [{ arm: 'as-now', policy: 'rules', weight: 1 }, { arm: 'none', policy: 'holdout', weight: 1e-9 }],
    epoch: 1, salt: 'bolder-1', state: 'running', from: 0, declaredBy: 'ann', startedBy: 'bob', reason: 'r',
  };
  const said = (over: Partial<OwnExperiment>): LineEvent => ({ type: 'experiment.published', id: `x-${over.state}`, source: 'test', subject: 'bolder', timeMs: noonMs, data: { ...declared, ...over } });
  const silent = { arms: [{ arm: 'none', policy: 'holdout' as const, weight: 1 }, { arm: 'as-now', policy: 'rules' as const, weight: 1e-9 }] };

  it('decides for its clients by their arm, names it in the record, and announces it once', () => {
    const line = new Line().tell(said(silent)).due(noonMs).due(noonMs + 2 * dayMs);
    expect(line.records[0]).toMatchObject({ experimentId: 'bolder', epoch: 1, salt: 'bolder-1', arm: 'holdout', experimentArm: 'none', outcome: 'ghost' });
    expect(line.assigned).toEqual([{ experimentId: 'always-on', epoch: 1, arm: 'rules' }, { experimentId: 'bolder', epoch: 1, arm: 'none' }]);
  });

  it('is made again from the record alone', () => {
    const [record] = new Line().tell(said(silent)).due(noonMs).records;
    const again = decide(inputFromRecord(record!)!).record;
    expect({ ...again, versions: record!.versions }).toEqual(record);
  });

  it('steers from its start to its stop, and a new epoch announces anew', () => {
    const line = new Line().tell(said({ ...silent, state: 'declared' })).due(noonMs).tell(said(silent)).due(noonMs + dayMs).tell(said({ ...silent, state: 'stopped' })).due(noonMs + 2 * dayMs);
    expect(line.records.map(({ experimentId, outcome }) => `${experimentId} ${outcome}`)).toEqual(['always-on offer', 'bolder ghost', expect.stringMatching(/^always-on/)]);
    line.tell(said({ ...silent, epoch: 2, salt: 'bolder-2' })).due(noonMs + 3 * dayMs);
    expect(line.assigned.map(({ experimentId, epoch }) => `${experimentId}:${epoch}`)).toEqual(['always-on:1', 'bolder:1', 'bolder:2']);
  });
});
