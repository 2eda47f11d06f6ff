import { isDeepStrictEqual } from 'node:util';
import { maxTextLength, type Conflict } from '@aether-v/types';
import type { IdentityAnswer } from '../host-adapter/connect/host-identities.ts';

interface Claim {
  readonly hostId: string;
  readonly holder: string;
  readonly undecided: boolean;
}

/** Shows on the rows of hosts that two addresses give one id. */
export class IdentityDisputes {
  /** By the address that was refused the id. */
  readonly #claims = new Map<string, Claim>();
  readonly #show: (address: string, conflict: Conflict | null) => void;

  /** @param show Shows a conflict at the row of an address, or that there is none. */
  constructor(show: (address: string, conflict: Conflict | null) => void) {
    this.#show = show;
  }

  /** An address gave an id. */
  answered(address: string, hostId: string, answer: IdentityAnswer): void {
    const before = this.#claims.get(address);
    if (answer.accepted) this.#claims.delete(address);
    else this.#claims.set(address, { hostId, holder: answer.holder, undecided: answer.undecided });
    if (isDeepStrictEqual(before, this.#claims.get(address))) return;
    this.#showAt(address);
    for (const holder of new Set([before?.holder, answer.accepted ? undefined : answer.holder])) {
      if (holder !== undefined) this.#showAt(holder);
    }
  }

  /** An address is no longer in the fleet. */
  left(address: string): void {
    const claim = this.#claims.get(address);
    this.#claims.delete(address);
    if (claim !== undefined) this.#showAt(claim.holder);
  }

  #showAt(address: string): void {
    this.#show(address, this.#refusedAt(address) ?? this.#contestedAt(address));
  }

  #refusedAt(address: string): Conflict | null {
    const claim = this.#claims.get(address);
    if (claim === undefined) return null;
    return conflict(
      claim.hostId,
      `It says that it is ${claim.hostId}, which is the host at ${claim.holder}. Its rows are kept as they were, and nothing is done on it.`,
    );
  }

  /** Whether another address gives the id as well, and nothing tells which of the two is right. */
  #contestedAt(address: string): Conflict | null {
    for (const [other, { hostId, holder, undecided }] of this.#claims) {
      if (holder !== address || !undecided) continue;
      return conflict(
        hostId,
        `The host at ${other} says that it is ${hostId} as well, and neither address is that name. Configure the host by its name, or remove the other address.`,
      );
    }
    return null;
  }
}

function conflict(hostId: string, message: string): Conflict {
  return { code: 'host-id', message: message.slice(0, maxTextLength), hostIds: [hostId] };
}
