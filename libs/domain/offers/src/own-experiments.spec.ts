import type { ExperimentDeclaration, OwnExperiment } from '@sp/contracts';
import { describe, expect, it } from 'vitest';
import { declareExperiment, OwnExperiments, startExperiment, stopExperiment, type Word } from './own-experiments';

const bolder = (over: Partial<ExperimentDeclaration> = {}): ExperimentDeclaration => ({
  experimentId: 'bolder', hypothesis: 'more trying finds more', within: 'model', share: 0.5, control: 'as-now', metrics: ['spend'], guardrails: [], horizonDays: 14,
  arms: [{ arm: 'as-now', policy: 'model', weight: 1 }, { arm: 'bold', policy: 'model', weight: 1, explorationShare: 0.4 }, { arm: 'by-rules', policy: 'rules', weight: 2 }], ...over,
});
const made = (word: Word): OwnExperiment => {
  if ('message' in word) throw new Error(word.message);
  return word;
};
const order = { by: 'bob', reason: 'planned so' };
const alone = { secondPerson: false };
const running = (declaration = bolder(), others: OwnExperiment[] = []): OwnExperiment => {
  const declared = made(declareExperiment(undefined, declaration, 'ann'));
  return made(startExperiment([...others, declared], declaration.experimentId, order, alone));
};
const clients = Array.from({ length: 20_000 }, (_, number) => `c-${number}`);
const armOf = (table: OwnExperiments, client: string, arm: 'model' | 'rules' = 'model'): string | undefined => table.steering(client, arm)?.experiment.armName;

describe('who is steered', () => {
  const table = new OwnExperiments();
  table.apply(running());

  it('is half of the clients of its arm, split as the weights ask, and nobody of another arm', () => {
    const arms = clients.map((client) => armOf(table, client));
    const count = (arm: string | undefined): number => arms.filter((each) => each === arm).length;
    expect(count(undefined)).toBeGreaterThan(9_700);
    expect(count(undefined)).toBeLessThan(10_300);
    for (const [arm, share] of [['as-now', 2_500], ['bold', 2_500], ['by-rules', 5_000]] as const) expect(Math.abs(count(arm) - share)).toBeLessThan(250);
    expect(clients.every((client) => armOf(table, client, 'rules') === undefined)).toBe(true);
  });

  it('has the policy of his arm, and its boldness', () => {
    const steered = clients.flatMap((client) => table.steering(client, 'model') ?? []);
    const bold = steered.find(({ experiment }) => experiment.armName === 'bold');
    expect(bold).toMatchObject({ explorationShare: 0.4, experiment: { experimentId: 'bolder', epoch: 1, salt: 'bolder-1', weights: { holdout: 0, random: 0, rules: 0, model: 1 } } });
    expect(steered.find(({ experiment }) => experiment.armName === 'by-rules')?.experiment.weights).toMatchObject({ rules: 1, model: 0 });
  });

  it('is in one experiment alone, however many run; who was in one arm is spread evenly over the next experiment', () => {
    const both = new OwnExperiments();
    const first = running();
    const second = running(bolder({ experimentId: 'other' }), [first]);
    both.apply(first);
    both.apply(second);
    expect(second.from).toBe(0.5);
    expect(clients.every((client) => both.steering(client, 'model') !== undefined)).toBe(true);
    const again = new OwnExperiments();
    again.apply({ ...first, epoch: 2, salt: 'bolder-2' });
    const before = clients.filter((client) => armOf(both, client) === 'by-rules' && both.steering(client, 'model')?.experiment.experimentId === 'bolder');
    expect(before.filter((client) => armOf(again, client) === 'by-rules').length / before.length).toBeCloseTo(0.5, 1);
  });

  it('is nobody after it was stopped', () => {
    const stopped = new OwnExperiments();
    stopped.apply(running());
    stopped.apply(made(stopExperiment(running(), order)));
    expect(clients.some((client) => stopped.steering(client, 'model'))).toBe(false);
  });
});

describe('an experiment', () => {
  it('wants a second person to start it, where that is asked for', () => {
    const declared = made(declareExperiment(undefined, bolder(), 'ann'));
    expect(startExperiment([declared], 'bolder', { by: 'ann', reason: 'now' }, { secondPerson: true })).toEqual({ message: 'ann has declared it: a second person starts it' });
    expect(startExperiment([declared], 'bolder', order, { secondPerson: true })).toMatchObject({ state: 'running', from: 0, declaredBy: 'ann', startedBy: 'bob' });
    expect(startExperiment([declared], 'bolder', { by: 'ann', reason: 'now' }, alone)).toMatchObject({ state: 'running' });
  });

  it('is not changed while it runs; changed afterwards it is the next epoch', () => {
    expect(declareExperiment(running(), bolder(), 'ann')).toHaveProperty('message');
    const stopped = made(stopExperiment(running(), order));
    expect(declareExperiment(stopped, bolder(), 'ann')).toMatchObject({ epoch: 2, salt: 'bolder-2', state: 'declared' });
    expect(declareExperiment(made(declareExperiment(undefined, bolder(), 'ann')), bolder({ share: 0.1 }), 'ann')).toMatchObject({ epoch: 1, share: 0.1 });
  });

  it('finds the gap that a stopped one has left, and is refused where there is no room', () => {
    const third = (id: string): ExperimentDeclaration => bolder({ experimentId: id, share: 0.4 });
    const [a, b] = [running(third('a')), running(third('b'), [running(third('a'))])];
    const c = made(declareExperiment(undefined, third('c'), 'ann'));
    expect(startExperiment([a, b, c], 'c', order, alone)).toHaveProperty('message');
    expect(startExperiment([b, c], 'c', order, alone)).toMatchObject({ from: 0 });
  });

  it('can be stopped only while it runs, and started only once', () => {
    expect(stopExperiment(undefined, order)).toHaveProperty('message');
    expect(startExperiment([running()], 'bolder', order, alone)).toHaveProperty('message');
    expect(startExperiment([], 'bolder', order, alone)).toHaveProperty('message');
  });
});
