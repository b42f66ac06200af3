import type { RowOf } from '../define-table';
import { defineTable } from '../define-table';

/** How many events of a type a frame held in a minute: the small fact behind `events_by_minute`. */
export const eventCounts = defineTable({
  name: 'event_counts',
  columns: { minute: 'wholeSecondMs', type: 'text', count: 'integer' },
});

export type EventCountRow = RowOf<typeof eventCounts>;
