/** Something a person can mend: its message is one sentence with the remedy, and tools show it without a stack. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
