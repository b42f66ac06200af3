import { anEvent, mondayMs } from '@sp/contracts/testing';
import type { LineEvent } from '@sp/contracts';
import { describe, expect, it } from 'vitest';
import type { FeatureInputRow } from '@sp/clickhouse';
import { rowsOfInputs } from './feature-store.sink';
import { GeoConsents, type GeoConsent } from './geo-consents';

const nobody = (): undefined => undefined;

function storedOf(events: readonly LineEvent[], known: (clientId: string) => GeoConsent | undefined = nobody): unknown[] {
  const rows = rowsOfInputs(new GeoConsents(known))(events, (ordinal) => ({ partition: 0, linePosition: 1, ordinal }));
  return rows.map(({ row }) => JSON.parse((row as FeatureInputRow).data) as unknown);
}

const located = anEvent('client.located', {});
const place = { lat: 52.5, lon: 13.4, accuracyMeters: 20 };

describe('rowsOfInputs', () => {
  it('keeps a place only while the client consents to it', () => {
    const withdrawn = anEvent('client.consent.changed', { timeMs: mondayMs + 1 });
    const data = storedOf([located, anEvent('client.registered', {}), located, withdrawn, located]);
    expect([data[0], data[2], data[4]]).toEqual([{}, place, {}]);
  });

  it('lets no late consent undo a newer withdrawal, and no consent outlive an erasure', () => {
    const withdrawn = anEvent('client.consent.changed', { timeMs: mondayMs + 1 });
    expect(storedOf([withdrawn, anEvent('client.registered', {}), located])[2]).toEqual({});
    expect(storedOf([anEvent('client.registered', {}), anEvent('client.erasure.requested', {}), located])[2]).toEqual({});
  });

  it('asks the committed state about a client of whom this run has heard nothing', () => {
    expect(storedOf([located], () => ({ geo: true, atMs: mondayMs }))).toEqual([place]);
    expect(storedOf([anEvent('client.consent.changed', { timeMs: mondayMs - 1 }), located], () => ({ geo: true, atMs: mondayMs }))[1]).toEqual(place);
  });

  it('leaves out what no fold of clients reads', () => {
    expect(storedOf([anEvent('campaign.published', {}), anEvent('rate.published', {})])).toEqual([]);
  });
});
