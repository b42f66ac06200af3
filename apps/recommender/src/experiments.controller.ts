import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operatorPatterns, type OwnExperiment } from '@sp/contracts';
import type { Asked } from './control-requests';
import { ExperimentRequests, type ExperimentOrder } from './experiment-requests';

/** Operators' commands about experiments of the bank's own, over NATS. */
@Controller()
export class ExperimentsController {
  constructor(@Inject(ExperimentRequests) private readonly requests: ExperimentRequests) {}

  @MessagePattern(operatorPatterns.listExperiments)
  experiments(): OwnExperiment[] {
    return this.requests.experiments();
  }

  @MessagePattern(operatorPatterns.declareExperiment)
  declare(@Payload() { declaration, by }: { declaration: unknown; by: string }): Promise<Asked<object>> {
    return this.requests.declare(declaration, by);
  }

  @MessagePattern(operatorPatterns.startExperiment)
  start(@Payload() order: ExperimentOrder): Promise<Asked<object>> {
    return this.requests.start(order);
  }

  @MessagePattern(operatorPatterns.stopExperiment)
  stop(@Payload() order: ExperimentOrder): Promise<Asked<object>> {
    return this.requests.stop(order);
  }
}
