import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operatorPatterns, type CampaignState, type DecisionPolicy } from '@sp/contracts';
import { ControlRequests, type Asked } from './control-requests';

interface By {
  readonly by?: string;
}

/** Operators' commands about offers, over NATS. */
@Controller()
export class ControlController {
  constructor(@Inject(ControlRequests) private readonly requests: ControlRequests) {}

  @MessagePattern(operatorPatterns.listCampaigns)
  campaigns(): CampaignState[] {
    return this.requests.campaigns();
  }

  @MessagePattern(operatorPatterns.pauseCampaign)
  pauseCampaign(@Payload() { campaignId, paused = true, by = 'operator' }: By & { campaignId: string; paused?: boolean }): Promise<Asked<object>> {
    return this.requests.pauseCampaign(campaignId, paused, by);
  }

  @MessagePattern(operatorPatterns.publishCampaign)
  publishCampaign(@Payload() { campaign, by = 'operator' }: By & { campaign: { campaignId?: unknown } }): Promise<Asked<object>> {
    return this.requests.publishCampaign(campaign, by);
  }

  @MessagePattern(operatorPatterns.pauseMerchant)
  pauseMerchant(@Payload() { merchantId, paused = true, by = 'operator' }: By & { merchantId: string; paused?: boolean }): Promise<Asked<object>> {
    return this.requests.pauseMerchant(merchantId, paused, by);
  }

  @MessagePattern(operatorPatterns.readPolicy)
  policy(): DecisionPolicy {
    return this.requests.policy();
  }

  @MessagePattern(operatorPatterns.publishPolicy)
  publishPolicy(@Payload() { changes, by = 'operator' }: By & { changes: Record<string, unknown> }): Promise<Asked<object>> {
    return this.requests.publishPolicy(changes, by);
  }
}
