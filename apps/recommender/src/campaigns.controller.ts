import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { bankDoor, operatorPatterns, ownSource } from '@sp/contracts';
import { LineConnection } from '@sp/platform';
import { randomUUID } from 'node:crypto';

/** Operators' commands about campaigns, over NATS. The pause is a fact in the control log: it holds from its place there on. */
@Controller()
export class CampaignsController {
  constructor(@Inject(LineConnection) private readonly line: LineConnection) {}

  @MessagePattern(operatorPatterns.pauseCampaign)
  async pause(@Payload() { campaignId, paused = true, by = 'operator' }: { campaignId: string; paused?: boolean; by?: string }): Promise<{ campaignId: string; paused: boolean }> {
    const fact = { specversion: '1.0', id: randomUUID(), source: ownSource, type: 'campaign.paused', subject: campaignId, time: new Date().toISOString(), data: { campaignId, paused, by } };
    await this.line.connection.jetstream().publish(bankDoor.controlRequests, JSON.stringify(fact));
    return { campaignId, paused };
  }
}
