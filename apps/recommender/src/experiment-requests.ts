import { experimentDeclarationSchema, type OwnExperiment } from '@sp/contracts';
import { KeyedState, sharedKind, StateTable, type SharedFact } from '@sp/dataflow';
import { declareExperiment, startExperiment, stopExperiment, type Order, type Word } from '@sp/offers';
import type { StageHost } from '@sp/platform';
import { z } from 'zod';
import type { Asked, ControlRequests } from './control-requests';

export type ExperimentOrder = Order & { readonly experimentId: string };

/** What operators may ask for concerning experiments of the bank's own: each word becomes a fact in the control log. */
export class ExperimentRequests {
  constructor(
    private readonly requests: ControlRequests,
    private readonly host: StageHost<'recommender'>,
    private readonly rule: { readonly secondPerson: boolean },
  ) {}

  /** The newest word on each, as the first partition has it. */
  experiments(): OwnExperiment[] {
    const facts = [...new StateTable<SharedFact>(new KeyedState(this.host.storeOf(0)), sharedKind).values()];
    return facts.flatMap((fact) => (fact.type === 'experiment.published' ? [fact.data] : []));
  }

  async declare(declaration: unknown, by: string): Promise<Asked<OwnExperiment>> {
    const parsed = experimentDeclarationSchema.safeParse(declaration);
    if (!parsed.success) return { message: z.prettifyError(parsed.error) };
    return this.#say(declareExperiment(this.#find(parsed.data.experimentId), parsed.data, by));
  }

  async start({ experimentId, ...order }: ExperimentOrder): Promise<Asked<OwnExperiment>> {
    return this.#say(startExperiment(this.experiments(), experimentId, order, this.rule));
  }

  async stop({ experimentId, ...order }: ExperimentOrder): Promise<Asked<OwnExperiment>> {
    return this.#say(stopExperiment(this.#find(experimentId), order));
  }

  #find(experimentId: string): OwnExperiment | undefined {
    return this.experiments().find((each) => each.experimentId === experimentId);
  }

  async #say(word: Word): Promise<Asked<OwnExperiment>> {
    return 'message' in word ? word : this.requests.ask('experiment.published', word.experimentId, word, word);
  }
}
