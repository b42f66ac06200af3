import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operatorPatterns } from '@sp/contracts';
import { ModelSwitch, type ModelStatus } from './model-switch';

/** Operators' commands about models, over NATS. */
@Controller()
export class ModelsController {
  constructor(@Inject(ModelSwitch) private readonly models: ModelSwitch) {}

  @MessagePattern(operatorPatterns.listModels)
  list(): Promise<ModelStatus[]> {
    return this.models.list();
  }

  @MessagePattern(operatorPatterns.activateModel)
  activate(@Payload() { version, by }: { version: string; by?: string }): Promise<{ version: string } | { message: string }> {
    return this.models.activate(version, by ?? 'operator');
  }
}
