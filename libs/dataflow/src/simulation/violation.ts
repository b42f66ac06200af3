/** An invariant of the line did not hold in a simulated schedule. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** The outside fails as it may: the process that hears it may end, and that is no violation. */
export class InjectedFault extends Error {
  override readonly name = 'InjectedFault';
}

/** A reader asked for what retention has taken; allowed for a stale owner, whom retention does not wait for. */
export class SimulatedGapError extends Error {
  override readonly name = 'SimulatedGapError';
}
