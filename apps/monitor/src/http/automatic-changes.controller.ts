import { readAutomaticChanges, recordAutomaticChange, type ClickHouseClient } from '@sp/clickhouse';
import { operatorPatterns, type AutomaticChange, type AutomaticChanges, type DecisionPolicy } from '@sp/contracts';
import { cautiousBounds, isRegulated, regulatedVersion } from '@sp/offers';
import { BadRequestException, Body, ConflictException, Controller, Get, Headers, HttpCode, Inject, NotFoundException, Param, Post, ServiceUnavailableException } from '@nestjs/common';
import { z } from 'zod';
import { clickhouse } from '../monitor.tokens';
import { Operators } from '../operators';
import { readJson } from './read-json';

const bySchema = z.object({ by: z.string().trim().min(1).max(128) });
const mostShown = 200;

/** What the line has changed by itself, and the way back. */
@Controller('v1/automatic-changes')
export class AutomaticChangesController {
  constructor(
    @Inject(clickhouse) private readonly client: ClickHouseClient,
    @Inject(Operators) private readonly operators: Operators,
  ) {}

  @Get()
  async all(): Promise<AutomaticChanges> {
    const [changes, policy] = await Promise.all([readAutomaticChanges(this.client, mostShown), this.#policy()]);
    const { lowestShare, usualShare, highestShare, retrainFrom } = cautiousBounds;
    return {
      changes, bounds: { lowestShare, usualShare, highestShare, retrainFrom },
      ...(policy && { policy: { version: policy.version, explorationShare: policy.exploration.share, isRegulated: isRegulated(policy) } }),
    };
  }

  /** Lets exploration be regulated again after a person has set it. */
  @Post('resume')
  @HttpCode(202)
  async resume(@Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<object> {
    const { by } = readJson(bySchema, type, body);
    const { exploration } = await this.operators.ask<DecisionPolicy>(operatorPatterns.readPolicy, {});
    return this.#ask(operatorPatterns.publishPolicy, { changes: { version: regulatedVersion(Date.now(), exploration.share) }, by });
  }

  /** What was there before comes back; a share of exploration that a person has set stays until `resume`. */
  @Post(':id/undo')
  @HttpCode(202)
  async undo(@Param('id') changeId: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<object> {
    const { by } = readJson(bySchema, type, body);
    const change = (await readAutomaticChanges(this.client, mostShown)).find((one) => one.changeId === changeId);
    if (!change) throw new NotFoundException(`No change "${changeId}".`);
    if (change.undoneBy !== '') throw new ConflictException(`Already taken back by ${change.undoneBy}.`);
    const answer = await this.#takeBack(change, by);
    await recordAutomaticChange(this.client, { ...change, undoneBy: by });
    return answer;
  }

  #takeBack({ kind, before }: AutomaticChange, by: string): Promise<object> {
    if (before === '') throw new BadRequestException('There is nothing before it to go back to.');
    if (kind === 'model') return this.#ask(operatorPatterns.activateModel, { version: before, by });
    return this.#ask(operatorPatterns.publishPolicy, { changes: { version: `by-hand-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}`, exploration: { share: Number(before) } }, by });
  }

  async #ask(pattern: string, data: object): Promise<object> {
    const answer = await this.operators.ask<{ readonly message?: string }>(pattern, data);
    if (answer.message !== undefined) throw new BadRequestException(answer.message);
    return answer;
  }

  /** The list without the policy is better than none. */
  async #policy(): Promise<DecisionPolicy | undefined> {
    try {
      return await this.operators.ask<DecisionPolicy>(operatorPatterns.readPolicy, {});
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return undefined;
      throw error;
    }
  }
}
