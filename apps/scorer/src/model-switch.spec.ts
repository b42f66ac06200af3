import { featureNames } from '@sp/features';
import { openModelStore } from '@sp/models';
import { modelFeatureNames } from '@sp/offers';
import { repositoryFolder } from '@sp/testing';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { whyMisfit } from './model-switch';
import { redemptionModel } from './redemption-models';

it('the shipped champion takes just the features that the line gives', async () => {
  const store = openModelStore(join(repositoryFolder(), 'models'));
  const { card } = await store.load(redemptionModel, (await store.champion(redemptionModel))!);
  expect(whyMisfit(card)).toBeUndefined();
});

it('a model of other features is told by the first that differs', () => {
  const names = modelFeatureNames(featureNames);
  expect(whyMisfit({ version: 'v', featureNames: names.slice(1) })).toContain(`"${names[1]}" against "${names[0]}"`);
  expect(whyMisfit({ version: 'v', featureNames: [...names, 'more'] })).toContain('"more" against "none"');
});
