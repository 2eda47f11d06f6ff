import type { HostState } from './host-state.ts';

/** Rows that must be projected again. */
export class Dirty {
  readonly hosts = new Set<string>();
  readonly countedHosts = new Set<string>();
  readonly goneHosts = new Set<string>();
  readonly clusters = new Set<string>();
  readonly guids = new Set<string>();

  host(host: HostState): void {
    this.hosts.add(host.address);
    if (host.clusterId !== null) this.clusters.add(host.clusterId);
  }

  hostOf(address: string | undefined): void {
    if (address !== undefined) this.countedHosts.add(address);
  }

  everythingOf(host: HostState): void {
    this.host(host);
    for (const guid of host.vms) this.guids.add(guid);
  }
}
