import { operatorPatterns } from '@sp/contracts';
import type { OperatorsDoor } from './operators-door';
import type { ModelChoice } from './simulator';

interface ListedModel {
  readonly version: string;
  readonly active: boolean;
}

/** The bank's operators at the door that every operator uses: they activate a model that says the same of everything, and later theirs again. */
export class ModelDesk implements ModelChoice {
  private chosen: string | undefined;
  private before: string | undefined;

  constructor(
    private readonly operators: OperatorsDoor,
    private readonly constantModel: string,
  ) {}

  async choose(version: string | undefined): Promise<void> {
    if (version === this.chosen) return;
    if (version !== undefined) this.before = (await this.models()).find((model) => model.active && model.version !== this.constantModel)?.version;
    // After a restart in the middle of it, what was active before is not known any more: any other model is better than a constant.
    const wanted = version ?? this.before ?? (await this.models()).find((model) => model.version !== this.constantModel)?.version;
    if (wanted !== undefined) await this.operators.ask(operatorPatterns.activateModel, { version: wanted, by: 'bank-simulator' });
    this.chosen = version;
  }

  private models(): Promise<readonly ListedModel[]> {
    return this.operators.ask(operatorPatterns.listModels, {});
  }
}
