import type { RowOf } from '../define-table';
import { defineTable } from '../define-table';

/** Events that a stage refused, with the reason and the masked original. */
export const deadLetterRows = defineTable({
  name: 'dead_letters',
  columns: {
    id: 'text', time: 'timeMs', stage: 'text', reason: 'text', field: 'text', source: 'text', eventId: 'text', payload: 'text', detail: 'text',
  },
});

export type DeadLetterRow = RowOf<typeof deadLetterRows>;
