export { Cleaner, emptyCleanerState, type CleanerState } from './cleaner';
export { missingValues, type CleaningPolicy } from './cleaning-policy';
export { normalise, type Normalised } from './normalise';
export { addTo, emptyEstimate, valueOf, type QuantileEstimate } from './quantile-estimate';
export { RecentContents } from './recent-contents';
