import { Controller, Get, Inject, NotFoundException, Param } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operatorPatterns } from '@sp/contracts';
import { FeatureReader, type ClientFeatures } from './feature-reader';

/** One client's current features: for a person over HTTP, for operators' commands over NATS. */
@Controller()
export class FeaturesController {
  constructor(@Inject(FeatureReader) private readonly reader: FeatureReader) {}

  @Get('v1/clients/:id/features')
  get(@Param('id') clientId: string): ClientFeatures {
    const features = this.reader.read(clientId);
    if (!features) throw new NotFoundException(`no client "${clientId}" is known`);
    return features;
  }

  @MessagePattern(operatorPatterns.readFeatures)
  read(@Payload() { clientId }: { clientId: string }): ClientFeatures | { message: string } {
    return this.reader.read(clientId) ?? { message: `no client "${clientId}" is known` };
  }
}
