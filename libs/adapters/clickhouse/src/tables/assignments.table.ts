import type { RowOf } from '../define-table';
import { defineTable } from '../define-table';

/** Which arm a client belongs to, from when on, in each experiment and epoch. */
export const assignments = defineTable({
  name: 'assignments',
  columns: { clientId: 'text', experimentId: 'text', epoch: 'integer', arm: 'text', time: 'timeMs' },
});

export type AssignmentRow = RowOf<typeof assignments>;
