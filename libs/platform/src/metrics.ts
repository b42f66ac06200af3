import { collectDefaultMetrics, Counter, Gauge, Histogram, register } from 'prom-client';

collectDefaultMetrics();

/** The counters that others read; their names are public and fixed. */
export const metrics = {
  eventsAccepted: new Counter({ name: 'events_accepted_total', help: 'Events taken at the doors' }),
  eventsDuplicate: new Counter({ name: 'events_duplicate_total', help: 'Events known already by source, subject and id' }),
  eventsRejected: new Counter({ name: 'events_rejected_total', help: 'Events refused, by reason', labelNames: ['reason'] }),
  typeAccepted: new Counter({ name: 'event_type_accepted_total', help: 'Events taken at the doors, by type', labelNames: ['type'] }),
  typeLate: new Counter({ name: 'event_type_late_total', help: 'Of them, events farther behind the newest one of their source than is its habit', labelNames: ['type'] }),
  typeLateSeconds: new Counter({ name: 'event_type_late_seconds_total', help: 'How late they were, summed', labelNames: ['type'] }),
  typeWatermark: new Gauge({ name: 'event_type_watermark_seconds', help: 'The newest event time of a type, in seconds since 1970', labelNames: ['type'] }),
  corrections: new Counter({ name: 'corrections_total', help: 'What cleaning did to events at the door, by rule', labelNames: ['rule'] }),
  deadLettersNotKept: new Counter({ name: 'dead_letters_not_kept_total', help: 'Refused events whose dead letter could not be stored, as the stream was full or away' }),
  decisions: new Counter({ name: 'decisions_total', help: 'Decisions by outcome', labelNames: ['outcome'] }),
  offersIssued: new Counter({ name: 'offers_issued_total', help: 'Offers issued', labelNames: ['scenario', 'arm'] }),
  offerChoices: new Counter({ name: 'offer_choices_total', help: 'Offers and ghosts by arm: drawn to learn from or not, to a client who buys at the merchant already or not', labelNames: ['arm', 'exploration', 'repeat'] }),
  campaignCoverage: new Gauge({ name: 'campaign_coverage_ratio', help: 'Of the campaigns considered since the start, the share that was offered at least once', labelNames: ['arm'] }),
  lineLagSeconds: new Gauge({ name: 'line_lag_seconds', help: 'Wall-clock age of the newest frame that a stage has logged, counted from ingest', labelNames: ['stage'] }),
  stageEvents: new Counter({ name: 'stage_events_total', help: 'Input events folded', labelNames: ['stage'] }),
  stageLateEvents: new Counter({ name: 'stage_late_events_total', help: 'Input events behind the last tick, by what the fold does with them', labelNames: ['stage', 'step', 'policy'] }),
  stageRejected: new Counter({ name: 'stage_rejected_events_total', help: 'Input events that a fold refused; they are in the dead letters', labelNames: ['stage', 'step', 'reason'] }),
  stepEvents: new Counter({ name: 'step_events_total', help: 'Events that went through a step of a stage', labelNames: ['stage', 'step'] }),
  stepSeconds: new Histogram({ name: 'step_seconds', help: 'Time of a step of a stage for one batch of frames', labelNames: ['stage', 'step'], buckets: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1] }),
  mergedVersions: new Counter({ name: 'merged_versions_total', help: 'Versions of a merged table sent to the control log', labelNames: ['table'] }),
  stageFrames: new Counter({ name: 'stage_frames_total', help: 'Frames appended to a log', labelNames: ['stage'] }),
  doorClosed: new Gauge({ name: 'door_closed', help: '1 while the door refuses because the line is too far behind' }),
  sinkRows: new Counter({ name: 'sink_rows_total', help: 'Rows written to ClickHouse', labelNames: ['table'] }),
  featureParityCompared: new Counter({ name: 'feature_parity_compared_total', help: 'Decisions whose vector was computed again from ClickHouse and compared' }),
  featureParityDiffering: new Counter({ name: 'feature_parity_differing_total', help: 'Values of a feature that differed when computed again: an incident', labelNames: ['feature'] }),
  clusterShare: new Gauge({ name: 'client_cluster_share', help: 'Share of a cluster among the clients who came due of late', labelNames: ['cluster'] }),
  clusterDrift: new Gauge({ name: 'client_cluster_drift', help: 'Population stability index of these shares against those of training: above 0.25 the clusters are to be trained anew' }),
  erasedRows: new Counter({ name: 'erased_rows_total', help: 'Rows of erased clients that were deleted from ClickHouse', labelNames: ['table'] }),
  frameSeconds: new Histogram({ name: 'stage_batch_seconds', help: 'Time for one batch of frames, read to committed', labelNames: ['stage'], buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3] }),
};

export { register as metricsRegister };
