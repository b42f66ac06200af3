import { Logger } from '@nestjs/common';
import type { StageName } from '@sp/contracts';
import type { Flow, LoggedBatch, StageObserver } from '@sp/dataflow';
import { metrics } from './metrics';

/** What one step took in a batch, all its frames together. */
interface Span {
  ms: number;
  events: number;
}

const isTraced = ['debug', 'trace'].includes(process.env['LOG_LEVEL'] ?? '');

/**
 * Measures one partition of a stage: each step of a batch under its name in the metrics and, with LOG_LEVEL=debug, one line a batch with its spans.
 * A frame keeps its position through all stages, since one frame makes one: `<partition>:<position>` is its trace from ingest to the feedback loop.
 */
export function observeStage({ stage, foldName: step, late: policy }: Pick<Flow<StageName>, 'stage' | 'foldName' | 'late'>, onLogged?: (batch: LoggedBatch) => void): StageObserver {
  const logger = new Logger(stage);
  let spans = new Map<string, Span>();
  return {
    stepBegan(step) {
      const startedMs = performance.now();
      return (events) => {
        let span = spans.get(step);
        if (!span) spans.set(step, (span = { ms: 0, events: 0 }));
        span.ms += performance.now() - startedMs;
        span.events += events;
      };
    },
    batchLogged(batch) {
      for (const [step, { ms, events }] of spans) {
        metrics.stepSeconds.observe({ stage, step }, ms / 1_000);
        metrics.stepEvents.inc({ stage, step }, events);
      }
      metrics.stageEvents.inc({ stage }, batch.events);
      metrics.stageLateEvents.inc({ stage, step, policy }, batch.late);
      metrics.stageFrames.inc({ stage }, batch.frames);
      metrics.lineLagSeconds.set({ stage }, Math.max(0, Date.now() - batch.sequencedAtMs) / 1000);
      if (isTraced) {
        const { partition, from, to, frames, events, late } = batch;
        logger.debug({ msg: 'frames', stage, trace: `${partition}:${from}`, traceTo: `${partition}:${to}`, frames, events, late, spans: [...spans].map(([step, { ms, events }]) => ({ step, ms: Math.round(ms * 1_000) / 1_000, events })) });
      }
      spans = new Map();
      onLogged?.(batch);
    },
  };
}
