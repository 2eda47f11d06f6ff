import { Limiter } from './limiter.ts';

/** Places for handshakes and for operations. */
interface Lane {
  readonly handshakes: Limiter;
  readonly operations: Limiter;
}

/**
 * The fleet's limits on what goes on at once. Hosts that failed last wait in a lane of their own, so that any number of
 * hung ones cannot take the places of those that answer.
 */
export interface Lanes {
  readonly trusted: Lane;
  readonly suspect: Lane;
}

/** How many handshakes and operations go on at once. */
export interface LaneSizes {
  readonly handshakes: number;
  readonly operations: number;
}

/** Lanes of these sizes. */
export function makeLanes(trusted: LaneSizes, suspect: LaneSizes): Lanes {
  return { trusted: makeLane(trusted), suspect: makeLane(suspect) };
}

function makeLane({ handshakes, operations }: LaneSizes): Lane {
  return { handshakes: new Limiter(handshakes), operations: new Limiter(operations) };
}
