import type { HostEndpoint } from '../../config/host-endpoint.ts';
import type { IdentityAnswer } from './host-identities.ts';

/** Which hosts there are, and who answers where. */
export interface HostDirectory {
  /**
   * Reaches another host from now on; nothing happens where its address is known.
   *
   * @returns The addresses that lose the id which they gave, since only the new endpoint proves it.
   */
  add(endpoint: HostEndpoint): readonly string[];
  /** Ends what goes on with a host and reaches it no longer. */
  remove(address: string): Promise<void>;
  /** Remembers who answers at an address, unless another address has a better right to the id (`HostIdentities`). */
  identify(address: string, hostId: string): IdentityAnswer;
  /** The address at which a host was last identified, if its name proves that. */
  provenAddressOf(hostId: string): string | undefined;
}
