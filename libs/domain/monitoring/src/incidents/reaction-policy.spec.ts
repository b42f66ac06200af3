import type { IncidentReaction, IncidentSignal, ReactionPolicy } from '@sp/contracts';
import { expect, test } from 'vitest';
import { cautiousReactions, reactionsDue } from './reaction-policy';

const seen = (signal: string, direction: 'low' | 'high' = 'high'): IncidentSignal => ({ signal, firing: true, noData: false, direction, sinceMs: 0, count: 90, expected: 4 });
const done = (action: IncidentReaction['action'], target: string, undone = false): IncidentReaction => ({ reactionId: 'r', action, target, before: '', by: 'ann', atMs: 0, undone });

const acting: ReactionPolicy = { version: 'acting', rules: cautiousReactions.rules.map((rule) => (/^(terms|model):/.test(rule.signal) && rule.action !== 'freeze-model' ? { ...rule, mode: 'act' } : rule)) };

test('nothing is done unasked as shipped', () => {
  expect(cautiousReactions.rules.filter(({ mode }) => mode === 'act')).toEqual([]);
});

test('wrong terms pause the merchant whom the signal names, once', () => {
  expect(reactionsDue({ signals: [seen('terms:m-7')], reactions: [] }, acting, 'act')).toEqual([{ action: 'pause-merchant', target: 'm-7' }]);
  expect(reactionsDue({ signals: [seen('terms:m-7')], reactions: [done('pause-merchant', 'm-7')] }, acting, 'act')).toEqual([]);
});

test('what a person has undone is not done again', () => {
  expect(reactionsDue({ signals: [seen('model:v2')], reactions: [done('roll-back-model', 'v1', true)] }, acting, 'act')).toEqual([]);
});

test('what is only proposed is not done, and a rule may want a direction', () => {
  const signals = [seen('merchant:m-7', 'low'), seen('merchant:m-8', 'high')];
  expect(reactionsDue({ signals, reactions: [] }, cautiousReactions, 'act')).toEqual([]);
  expect(reactionsDue({ signals, reactions: [] }, cautiousReactions, 'propose')).toEqual([{ action: 'pause-merchant', target: 'm-7' }]);
});

test('the policy is data: another one does other things', () => {
  const strict: ReactionPolicy = { version: 'strict', rules: [{ signal: 'share:*', action: 'raise-holdout', target: '0.5', mode: 'act' }] };
  expect(reactionsDue({ signals: [seen('share:refused'), seen('share:late')], reactions: [] }, strict, 'act')).toEqual([{ action: 'raise-holdout', target: '0.5' }]);
});
