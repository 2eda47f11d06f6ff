import { isSameHost } from '../../common/host-name.ts';
import type { HostEndpoint } from '../../config/host-endpoint.ts';

/** The outcome of an id claim: the address keeps the id, or another address has it. */
export type IdentityAnswer =
  | {
      readonly accepted: true;
      /** The address that had the id without proof and lost it. */
      readonly displaced: string | undefined;
    }
  | {
      readonly accepted: false;
      /** The address that has the id. */
      readonly holder: string;
      /** The name of the refused address proves the id as well: both lead to the same host. */
      readonly proves: boolean;
      /** Neither address proves the id, and nothing else decides between them. */
      readonly undecided: boolean;
    };

/**
 * Binds host ids to addresses, because a host may report any id:
 *
 * - An address whose name matches the id proves it, since TLS and Kerberos authenticate a host by that name. It takes
 *   the id from an address without proof, and as long as it is configured no such address can get the id, even if it
 *   does not respond.
 * - Otherwise the first address that reported the id keeps it until it reports another id or is removed from the
 *   configuration.
 *
 * A host that was moved thus keeps its id if its entry stays the same at another network address, or with a new entry
 * once the old one is removed.
 */
export class HostIdentities {
  readonly #endpoints = new Map<string, HostEndpoint>();
  readonly #addressOfId = new Map<string, string>();
  readonly #firstIds = new Map<string, string>();

  /** Adds an endpoint. @returns The addresses that lose an id which only the new endpoint proves. */
  add(endpoint: HostEndpoint): string[] {
    this.#endpoints.set(endpoint.address, endpoint);
    const displaced: string[] = [];
    for (const [hostId, address] of this.#addressOfId) {
      if (!isNamed(endpoint, hostId) || this.#proves(address, hostId)) continue;
      this.#addressOfId.delete(hostId);
      displaced.push(address);
    }
    return displaced;
  }

  /** Removes an endpoint and the id it reported. */
  remove(address: string): void {
    this.#endpoints.delete(address);
    this.#firstIds.delete(address);
    this.#release(address);
  }

  /** Returns the address at which a host was last identified. */
  addressOf(hostId: string): string | undefined {
    return this.#addressOfId.get(hostId);
  }

  /** Returns the address at which a host was last identified, if its name proves the id. */
  provenAddressOf(hostId: string): string | undefined {
    const address = this.#addressOfId.get(hostId);
    return address !== undefined && this.#proves(address, hostId) ? address : undefined;
  }

  /** Binds an id to the address that reported it, unless another address has a better claim to it. */
  identify(address: string, hostId: string): IdentityAnswer {
    const firstId = this.#firstIds.get(address) ?? hostId;
    this.#firstIds.set(address, firstId);
    // The host previously identified here no longer answers here: hosts can change places.
    this.#release(address);
    const proves = this.#proves(address, hostId);
    const holder = this.#addressOfId.get(hostId);
    const rightful = proves ? undefined : this.#namedBy(hostId, address);
    if (rightful !== undefined) return { accepted: false, holder: rightful, proves, undecided: false };
    if (holder !== undefined && (!proves || this.#proves(holder, hostId))) {
      return { accepted: false, holder, proves, undecided: !proves && firstId === hostId };
    }
    this.#addressOfId.set(hostId, address);
    return { accepted: true, displaced: holder };
  }

  #release(address: string): void {
    for (const [id, known] of this.#addressOfId) if (known === address) this.#addressOfId.delete(id);
  }

  #proves(address: string, hostId: string): boolean {
    const endpoint = this.#endpoints.get(address);
    return endpoint !== undefined && isNamed(endpoint, hostId);
  }

  /** Returns another endpoint whose name proves the id. */
  #namedBy(hostId: string, address: string): string | undefined {
    for (const [other, endpoint] of this.#endpoints) {
      if (other !== address && (isNamed(endpoint, hostId) || endpoint.provisionalId === hostId)) return other;
    }
    return undefined;
  }
}

/** Returns whether an endpoint's name is that of the host; a cluster's name belongs to no host. */
function isNamed({ target, role, name }: HostEndpoint, hostId: string): boolean {
  if (role === 'cluster') return false;
  return isSameHost(target.kind === 'local' ? name : target.url.hostname, hostId);
}
