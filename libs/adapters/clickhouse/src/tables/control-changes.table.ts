import { defineTable } from '../define-table';

/** Facts that concern everybody and that somebody decided; `data` is the whole fact as JSON. */
export const controlChanges = defineTable({ name: 'control_changes', columns: { time: 'timeMs', type: 'text', about: 'text', by: 'text', data: 'text' } });
