import { expect, it } from 'vitest';
import { natsRights } from './nats-rights';
import { operatorPatterns } from './topology';

const rights = natsRights(2);

it('lets every pattern of the operators be answered by one service, and asked by the monitor', () => {
  for (const pattern of Object.values(operatorPatterns)) {
    const answering = Object.entries(rights).filter(([user, { subscribe }]) => user !== 'provisioner' && subscribe.includes(pattern.replace(/[a-z-]+$/, '*')));
    expect.soft(answering.map(([user]) => user), pattern).toHaveLength(1);
    expect.soft(pattern.startsWith('operator.'), pattern).toBe(true);
  }
});

it('lets only one user write a log of the line', () => {
  for (const stage of ['ingest', 'feature-store', 'scorer', 'recommender', 'feedback-loop'] as const) {
    const writers = Object.entries(rights).filter(([user, { publish }]) => user !== 'provisioner' && publish.includes(`line.${stage}.*`));
    expect.soft(writers.map(([user]) => user)).toEqual([stage]);
  }
});

it('lets nobody but the provisioner make, change or empty a stream', () => {
  for (const [user, { publish }] of Object.entries(rights)) {
    if (user !== 'provisioner') expect.soft(publish.filter((subject) => /STREAM\.(CREATE|UPDATE|DELETE|PURGE|MSG\.DELETE)/.test(subject)), user).toEqual([]);
  }
});
