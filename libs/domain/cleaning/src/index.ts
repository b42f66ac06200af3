export { Cleaner, emptyCleanerState, type CleanerState } from './cleaner';
export { missingValues, type CleaningPolicy } from './cleaning-policy';
export { normalise, type Normalised } from './normalise';
export { RecentContents } from './recent-contents';
