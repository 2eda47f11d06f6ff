import type { HostEndpoint } from '../../config/host-endpoint.ts';
import type { IdentityAnswer } from './host-identities.ts';

/** The hosts in use, and their identities. */
export interface HostDirectory {
  /**
   * Adds a host; does nothing if its address is known.
   *
   * @returns The addresses that lose the id they reported, because only the new endpoint proves it.
   */
  add(endpoint: HostEndpoint): readonly string[];
  /** Ends all operations on a host and removes it. */
  remove(address: string): Promise<void>;
  /** Records the id reported at an address, unless another address has a better claim to it (`HostIdentities`). */
  identify(address: string, hostId: string): IdentityAnswer;
  /** Returns the address at which a host was last identified, if its name proves the id. */
  provenAddressOf(hostId: string): string | undefined;
}
