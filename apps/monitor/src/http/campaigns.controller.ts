import type { ClickHouseClient } from '@sp/clickhouse';
import { bankEventSchemas, operatorPatterns, type CampaignFigures, type CampaignOverview, type CampaignState } from '@sp/contracts';
import { BadRequestException, Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, ServiceUnavailableException } from '@nestjs/common';
import { z } from 'zod';
import { campaignFigures } from '../figures/campaigns.query';
import { clickhouse } from '../monitor.tokens';
import { Operators } from '../operators';
import { readJson } from './read-json';

const publishedBy = z.intersection(z.object({ by: z.string().trim().min(1).max(128) }), bankEventSchemas['campaign.published']);
const bySchema = z.object({ by: z.string().trim().min(1).max(128) });

/** Campaigns with what their offers came to; created, changed and paused through the control log. */
@Controller('v1/campaigns')
export class CampaignsController {
  constructor(
    @Inject(clickhouse) private readonly client: ClickHouseClient,
    @Inject(Operators) private readonly operators: Operators,
  ) {}

  @Get()
  async all(): Promise<CampaignOverview[]> {
    const [figures, published] = await Promise.all([campaignFigures(this.client), this.#published()]);
    const known = new Map(figures.map((each) => [each.campaignId, each]));
    const withOffers = figures.map((each) => withPublished(each, published.get(each.campaignId)));
    return [...withOffers, ...[...published.values()].filter(({ campaignId }) => !known.has(campaignId)).map((state) => withPublished(noOffers(state), state))];
  }

  /** A new id makes a campaign, a known one changes it; `by` says who. 202: it holds from its place in the control log on. */
  @Post()
  @HttpCode(202)
  async publish(@Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<object> {
    const { by, ...campaign } = readJson(publishedBy, type, body);
    return answered(await this.operators.ask(operatorPatterns.publishCampaign, { campaign, by }));
  }

  @Post(':id/pause')
  @HttpCode(202)
  pause(@Param('id') campaignId: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<object> {
    return this.#pause(campaignId, true, readJson(bySchema, type, body).by);
  }

  @Post(':id/resume')
  @HttpCode(202)
  resume(@Param('id') campaignId: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<object> {
    return this.#pause(campaignId, false, readJson(bySchema, type, body).by);
  }

  async #pause(campaignId: string, paused: boolean, by: string): Promise<object> {
    return answered(await this.operators.ask(operatorPatterns.pauseCampaign, { campaignId, paused, by }));
  }

  /** Figures without them are better than none. */
  async #published(): Promise<Map<string, CampaignState>> {
    try {
      const states = await this.operators.ask<CampaignState[]>(operatorPatterns.listCampaigns, {});
      return new Map(states.map((state) => [state.campaignId, state]));
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return new Map();
      throw error;
    }
  }
}

function answered(answer: { readonly message?: string }): object {
  if (answer.message !== undefined) throw new BadRequestException(answer.message);
  return answer;
}

function withPublished(figures: CampaignFigures, published: CampaignState | undefined): CampaignOverview {
  return published ? { ...figures, published } : figures;
}

function noOffers({ campaignId, merchantId, currency }: CampaignState): CampaignFigures {
  return { campaignId, merchantId, currency, offers: 0, accepted: 0, redeemed: 0, spendMinor: 0, discountMinor: 0, lastOfferMs: 0 };
}
