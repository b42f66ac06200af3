/** What a timer's decision names as its trigger. Unique for the client: he is woken once at a time. */
export function wakeId(trigger: string, nowMs: number): string {
  return `${trigger}@${nowMs}`;
}

/** Did a tick bring this decision, rather than an event of the client's? */
export function isOfWake(trigger: string, triggerEventId: string): boolean {
  return triggerEventId.startsWith(`${trigger}@`) && /@\d+$/.test(triggerEventId);
}
