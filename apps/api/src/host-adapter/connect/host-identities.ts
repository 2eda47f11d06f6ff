import { isSameHost } from '../../common/host-name.ts';
import type { HostEndpoint } from '../../config/host-endpoint.ts';

/** Whether a host is known by the id that it gave at an address, or who else has that id. */
export type IdentityAnswer =
  | {
      readonly accepted: true;
      /** The address that had the id without a proof, and lost it. */
      readonly displaced: string | undefined;
    }
  | {
      readonly accepted: false;
      /** The address that has the id. */
      readonly holder: string;
      /** The name of the refused address proves the id as well: both lead to one host. */
      readonly proves: boolean;
      /** Neither address proves the id, and nothing else tells who is right. */
      readonly undecided: boolean;
    };

/**
 * Which host answers at which address. A host may say any id, so an id is bound to an address:
 *
 * - An address whose name is the id's proves it: TLS and Kerberos authenticate a host by that name. It gets the id from an address
 *   that proves nothing, and while it is configured no such address gets the id, whether it answers or not.
 * - Otherwise the first address that gave the id keeps it until that address gives another id or is no longer configured.
 *
 * So a host that was moved keeps its id by the same entry at another network address, or by a new entry once the old one is gone.
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

  /** Forgets an endpoint and what it answered. */
  remove(address: string): void {
    this.#endpoints.delete(address);
    this.#firstIds.delete(address);
    this.#release(address);
  }

  /** The address at which a host was last identified. */
  addressOf(hostId: string): string | undefined {
    return this.#addressOfId.get(hostId);
  }

  /** The address at which a host was last identified, if its name proves that. */
  provenAddressOf(hostId: string): string | undefined {
    const address = this.#addressOfId.get(hostId);
    return address !== undefined && this.#proves(address, hostId) ? address : undefined;
  }

  /** Binds an id to the address at which it was given, if no other address has a better right to it. */
  identify(address: string, hostId: string): IdentityAnswer {
    const firstId = this.#firstIds.get(address) ?? hostId;
    this.#firstIds.set(address, firstId);
    // The host that answered here before does not answer here any more: hosts can change places.
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

  /** Another endpoint that an id belongs to by its name. */
  #namedBy(hostId: string, address: string): string | undefined {
    for (const [other, endpoint] of this.#endpoints) {
      if (other !== address && (isNamed(endpoint, hostId) || endpoint.provisionalId === hostId)) return other;
    }
    return undefined;
  }
}

/** Whether the name at which an endpoint is reached is that of the host; a cluster's name is that of no host. */
function isNamed({ target, role, name }: HostEndpoint, hostId: string): boolean {
  if (role === 'cluster') return false;
  return isSameHost(target.kind === 'local' ? name : target.url.hostname, hostId);
}
