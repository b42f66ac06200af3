import { BadRequestException, Body, Controller, Get, HttpCode, Inject, NotFoundException, Param, Post } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operatorPatterns } from '@sp/contracts';
import { z } from 'zod';
import { FeatureReader, type ClientFeatures, type ManyClientFeatures } from './feature-reader';

/** Bounds what one request may make a service that folds do meanwhile: about 20 ms. */
const maximumClients = 500;

const manySchema = z.object({ clientIds: z.array(z.string().min(1)).min(1).max(maximumClients) });
const askedSchema = z.union([z.object({ clientId: z.string().min(1) }), manySchema]);

/** Clients' current features, of one or of many: over HTTP, and for operators' commands and other services over NATS. */
@Controller()
export class FeaturesController {
  constructor(@Inject(FeatureReader) private readonly reader: FeatureReader) {}

  @Get('v1/clients/:id/features')
  get(@Param('id') clientId: string): ClientFeatures {
    const features = this.reader.read(clientId);
    if (!features) throw new NotFoundException(`no client "${clientId}" is known`);
    return features;
  }

  @Post('v1/features')
  @HttpCode(200)
  getMany(@Body() body: unknown): ManyClientFeatures {
    const asked = manySchema.safeParse(body);
    if (!asked.success) throw new BadRequestException(`clientIds must be a list of 1 to ${maximumClients} client ids`);
    return this.reader.readMany(asked.data.clientIds);
  }

  @MessagePattern(operatorPatterns.readFeatures)
  read(@Payload() payload: unknown): ClientFeatures | ManyClientFeatures | { message: string } {
    const asked = askedSchema.safeParse(payload);
    if (!asked.success) return { message: `say clientId, or clientIds with 1 to ${maximumClients} of them` };
    if ('clientIds' in asked.data) return this.reader.readMany(asked.data.clientIds);
    return this.reader.read(asked.data.clientId) ?? { message: `no client "${asked.data.clientId}" is known` };
  }
}
