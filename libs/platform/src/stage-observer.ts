import { Logger } from '@nestjs/common';
import type { StageName } from '@sp/contracts';
import type { Flow, LoggedBatch, StageObserver } from '@sp/dataflow';
import { metrics } from './metrics';

interface Span {
  readonly step: string;
  readonly ms: number;
  readonly events: number;
}

const isTraced = ['debug', 'trace'].includes(process.env['LOG_LEVEL'] ?? '');

/**
 * Measures one partition of a stage: each step under its name in the metrics and, with LOG_LEVEL=debug, one line a batch with its spans.
 * A frame keeps its position through all stages, since one frame makes one: `<partition>:<position>` is its trace from ingest to the feedback loop.
 */
export function observeStage({ stage, foldName: step, late: policy }: Pick<Flow<StageName>, 'stage' | 'foldName' | 'late'>, onLogged?: (batch: LoggedBatch) => void): StageObserver {
  const logger = new Logger(stage);
  let spans: Span[] = [];
  return {
    stepBegan(step) {
      const startedMs = performance.now();
      return (events) => {
        const ms = performance.now() - startedMs;
        metrics.stepSeconds.observe({ stage, step }, ms / 1_000);
        metrics.stepEvents.inc({ stage, step }, events);
        if (isTraced) spans.push({ step, ms: Math.round(ms * 1_000) / 1_000, events });
      };
    },
    batchLogged(batch) {
      metrics.stageEvents.inc({ stage }, batch.events);
      metrics.stageLateEvents.inc({ stage, step, policy }, batch.late);
      metrics.stageFrames.inc({ stage }, batch.frames);
      metrics.lineLagSeconds.set({ stage }, Math.max(0, Date.now() - batch.sequencedAtMs) / 1000);
      if (isTraced) {
        const { partition, from, to, frames, events, late } = batch;
        logger.debug({ msg: 'frames', stage, trace: `${partition}:${from}`, traceTo: `${partition}:${to}`, frames, events, late, spans });
        spans = [];
      }
      onLogged?.(batch);
    },
  };
}
