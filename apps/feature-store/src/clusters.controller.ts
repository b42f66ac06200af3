import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operatorPatterns } from '@sp/contracts';
import { z } from 'zod';
import { ClusterAssignments, clusterKinds } from './cluster-assignments';

const activationSchema = z.object({ kind: z.enum(clusterKinds), version: z.string().min(1), by: z.string().min(1) });

/** For operators' commands. */
@Controller()
export class ClustersController {
  constructor(@Inject(ClusterAssignments) private readonly clusters: ClusterAssignments) {}

  @MessagePattern(operatorPatterns.listClusters)
  list(): ReturnType<ClusterAssignments['list']> {
    return this.clusters.list();
  }

  @MessagePattern(operatorPatterns.activateClusters)
  async activate(@Payload() payload: unknown): Promise<object> {
    const asked = activationSchema.safeParse(payload);
    if (!asked.success) return { message: `say kind (${clusterKinds.join(' or ')}), version and by` };
    return this.clusters.activate(asked.data.kind, asked.data.version, asked.data.by);
  }
}
