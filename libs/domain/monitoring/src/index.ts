export { DailyCusum, dailyCusumDefaults, type DailyCusumOptions, type DailyCusumReading } from './anomalies/daily-cusum';
export { EpisodeGate, type EpisodeChange, type EpisodeOptions } from './anomalies/episode';
export { RateDetector, rateDetectorDefaults, type Bucket, type Direction, type RateDetectorOptions, type RateReading } from './anomalies/rate-detector';
export { SeriesDetector, seriesDetectorDefaults, type SeriesDetectorOptions } from './anomalies/series-detector';
