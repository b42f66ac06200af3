import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operatorPatterns } from '@sp/contracts';
import { TrainingDesk, type TrainingStatus } from './training-desk';

/** Operators' commands about training, over NATS. */
@Controller()
export class TrainingController {
  constructor(@Inject(TrainingDesk) private readonly desk: TrainingDesk) {}

  @MessagePattern(operatorPatterns.startTraining)
  start(@Payload() { by }: { by?: string }): { started: true } | { message: string } {
    return this.desk.start(by ?? 'operator');
  }

  @MessagePattern(operatorPatterns.trainingStatus)
  status(): TrainingStatus {
    return this.desk.status();
  }
}
