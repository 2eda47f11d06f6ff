import { Limiter } from './limiter.ts';

/** Places for handshakes and for operations. */
interface Lane {
  readonly handshakes: Limiter;
  readonly operations: Limiter;
}

/**
 * The fleet's concurrency limits. Hosts that failed last have a separate lane, so that any number of hung hosts cannot
 * occupy the places of healthy ones.
 */
export interface Lanes {
  readonly trusted: Lane;
  readonly suspect: Lane;
}

/** Concurrent handshakes and operations. */
export interface LaneSizes {
  readonly handshakes: number;
  readonly operations: number;
}

/** Creates lanes of these sizes. */
export function makeLanes(trusted: LaneSizes, suspect: LaneSizes): Lanes {
  return { trusted: makeLane(trusted), suspect: makeLane(suspect) };
}

function makeLane({ handshakes, operations }: LaneSizes): Lane {
  return { handshakes: new Limiter(handshakes), operations: new Limiter(operations) };
}
