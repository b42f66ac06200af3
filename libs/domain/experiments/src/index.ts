export { clusteredRate, type ClusterSums } from './clustered-rate';
export { anytimeMultiplier, asymptoticConfidenceSequence, differenceSequence, type SequenceOptions } from './confidence-sequence';
export type { Estimate, Interval, Sample, Unknown } from './estimate';
export { relativeLift, type Lift } from './relative-lift';
export { sampleRatioMismatch, type RatioCheck } from './sample-ratio-mismatch';
export { minimumClientsPerArm, verdictOf, type Verdict } from './verdict';
export { welchDifference, type Difference } from './welch-difference';
export { wilsonInterval } from './wilson-interval';
