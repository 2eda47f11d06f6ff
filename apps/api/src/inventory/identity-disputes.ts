import { isDeepStrictEqual } from 'node:util';
import { maxTextLength, type Conflict } from '@aether-v/types';
import type { IdentityAnswer } from '../host-adapter/connect/host-identities.ts';

interface Claim {
  readonly hostId: string;
  readonly holder: string;
  readonly undecided: boolean;
}

/** Records on the host rows that two addresses report the same id. */
export class IdentityDisputes {
  /** By the address that was refused the id. */
  readonly #claims = new Map<string, Claim>();
  readonly #show: (address: string, conflict: Conflict | null) => void;

  /** @param show Sets or clears the conflict on the row of an address. */
  constructor(show: (address: string, conflict: Conflict | null) => void) {
    this.#show = show;
  }

  /** Records the id that an address reported. */
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

  /** Records that an address was removed from the fleet. */
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
      `The host reports the id ${claim.hostId}, which belongs to the host at ${claim.holder}. Its rows are kept unchanged, and actions on it are refused.`,
    );
  }

  /** Returns the conflict of an address if another one reports the same id and nothing decides between them. */
  #contestedAt(address: string): Conflict | null {
    for (const [other, { hostId, holder, undecided }] of this.#claims) {
      if (holder !== address || !undecided) continue;
      return conflict(
        hostId,
        `The host at ${other} also reports the id ${hostId}, and neither address matches that name. Configure the host by its name, or remove the other address.`,
      );
    }
    return null;
  }
}

function conflict(hostId: string, message: string): Conflict {
  return { code: 'host-id', message: message.slice(0, maxTextLength), hostIds: [hostId] };
}
