import { defineTable } from '../define-table';

/** What cleaning did to events at the door, a row a correction. */
export const corrections = defineTable({
  name: 'corrections',
  columns: { eventId: 'text', type: 'text', source: 'text', subject: 'text', time: 'timeMs', rule: 'text', field: 'text', before: 'text', after: 'text' },
});
