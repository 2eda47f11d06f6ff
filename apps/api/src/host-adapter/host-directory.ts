import type { HostEndpoint } from './host-endpoint.ts';

/** Which hosts there are, and who answers where. */
export interface HostDirectory {
  /** Reaches another host from now on; nothing happens where its address is known. */
  add(endpoint: HostEndpoint): void;
  /** Ends what goes on with a host and reaches it no longer. */
  remove(address: string): Promise<void>;
  /**
   * Remembers who answers at an address.
   *
   * @returns False where another address has that host already: two ways to one host would show its VMs twice.
   */
  identify(address: string, hostId: string): boolean;
  /** The address at which a host was last identified. */
  addressOf(hostId: string): string | undefined;
}
