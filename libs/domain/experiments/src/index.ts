export { clusteredRate, type ClusterSums } from './clustered-rate';
export { compareArms, type ArmSums, type ComparisonOptions } from './compare-arms';
export { anytimeMultiplier, asymptoticConfidenceSequence, differenceSequence, type SequenceOptions } from './confidence-sequence';
export type { Estimate, Interval, Sample } from './estimate';
export { relativeLift, type Lift } from './relative-lift';
export { sampleRatioMismatch, type RatioCheck } from './sample-ratio-mismatch';
export { minimumClientsPerArm, verdictOf } from './verdict';
export { welchDifference, type Difference } from './welch-difference';
export { wilsonInterval } from './wilson-interval';
