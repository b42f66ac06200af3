import { Logger } from '@nestjs/common';
import { bankDoor, hashId, ownSource, type LineEventOf } from '@sp/contracts';
import { KeyedState, sharedId, sharedKind, StateTable } from '@sp/dataflow';
import { featureNames } from '@sp/features';
import type { ModelStore } from '@sp/models';
import { modelFeatureNames } from '@sp/offers';
import type { StageHost } from '@sp/platform';
import type { NatsConnection } from 'nats';
import { randomUUID } from 'node:crypto';
import { redemptionModel } from './redemption-models';

export interface ModelStatus {
  readonly model: string;
  readonly version: string;
  readonly active: boolean;
  readonly card: Awaited<ReturnType<ModelStore['load']>>['card'];
}

/** Which models there are, which one scores, and the request to switch: the switch itself is a fact in the control log. */
export class ModelSwitch {
  constructor(
    private readonly store: ModelStore,
    private readonly host: StageHost<'scorer'>,
    private readonly connection: NatsConnection,
  ) {}

  /** A new data folder starts with the shipped champion; one that has a model keeps it. */
  async activateFirst(): Promise<void> {
    if (this.#activeVersion() !== undefined) return;
    const version = await this.store.champion(redemptionModel);
    if (version === undefined) return;
    const misfit = whyMisfit((await this.store.load(redemptionModel, version)).card);
    if (misfit === undefined) await this.#request(version, 'shipped-champion', hashId('first', redemptionModel));
    else new Logger('models').error(`${redemptionModel} ${version} stays unused, and the model arm makes no offers: ${misfit}`);
  }

  async list(): Promise<ModelStatus[]> {
    const active = this.#activeVersion();
    const cards = await this.store.list(redemptionModel);
    return cards.map((card) => ({ model: redemptionModel, version: card.version, active: card.version === active, card }));
  }

  /** Answers when the request is durable; scoring switches where the fact takes its place in the log. */
  async activate(version: string, by: string): Promise<{ version: string } | { message: string }> {
    const known = await this.store.list(redemptionModel);
    if (!known.some((card) => card.version === version)) return { message: `no model "${redemptionModel}" of version "${version}"; there are ${known.map((card) => card.version).join(', ') || 'none'}` };
    if (this.#isFrozen()) return { message: `the model is frozen, so ${version} is not activated: undo the reaction of the incident that froze it` };
    const misfit = whyMisfit(known.find((card) => card.version === version)!);
    if (misfit !== undefined) return { message: misfit };
    // Fetched and checked before the fact is asked for: no frame waits for the object store.
    await this.store.load(redemptionModel, version);
    await this.#request(version, by, randomUUID());
    return { version };
  }

  #activeVersion(): string | undefined {
    const facts = new StateTable<LineEventOf<'model.activated'>>(new KeyedState(this.host.storeOf(0)), sharedKind);
    return facts.get(sharedId('model.activated', redemptionModel))?.data.version;
  }

  #isFrozen(): boolean {
    const facts = new StateTable<LineEventOf<'model.frozen'>>(new KeyedState(this.host.storeOf(0)), sharedKind);
    return facts.get(sharedId('model.frozen', redemptionModel))?.data.frozen ?? false;
  }

  async #request(version: string, by: string, id: string): Promise<void> {
    const fact = { specversion: '1.0', id, source: ownSource, type: 'model.activated', subject: redemptionModel, time: new Date().toISOString(), data: { model: redemptionModel, version, by } };
    await this.connection.jetstream().publish(bankDoor.controlRequests, JSON.stringify(fact));
  }
}

/** A model takes the features that it was trained on, in their order; undefined where the line gives just these. */
export function whyMisfit(card: { readonly version: string; readonly featureNames: readonly string[] }): string | undefined {
  const given = modelFeatureNames(featureNames);
  const place = given.findIndex((name, index) => card.featureNames[index] !== name);
  if (place < 0 && card.featureNames.length === given.length) return undefined;
  const at = place < 0 ? given.length : place;
  return `model ${card.version} was trained on ${card.featureNames.length} features, the line gives ${given.length}; the first difference is feature ${at + 1}, "${card.featureNames[at] ?? 'none'}" against "${given[at] ?? 'none'}": train one on the present features`;
}
