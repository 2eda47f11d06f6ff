import type { IntegrationServiceKind, VmFacts, VmNetworkAdapter } from '@aether-v/types';
import type { GuestManners, GuestOsName } from './guest-os.ts';
import type { UsageProfileName } from './usage.ts';

/** An adapter as configured; `guestAddresses` are what the guest reports on it while it runs. */
export interface AdapterConfig extends Omit<VmNetworkAdapter, 'addresses'> {
  readonly guestAddresses: readonly string[];
}

/** What is configured: everything of a VM's facts that does not follow from its state, and who lives inside. */
export interface VmConfig extends Omit<
  VmFacts,
  | 'state'
  | 'critical'
  | 'activity'
  | 'health'
  | 'startedAt'
  | 'heartbeat'
  | 'guest'
  | 'networkAdapters'
  | 'integrationServices'
  | 'clusterRole'
> {
  readonly networkAdapters: readonly AdapterConfig[];
  readonly disabledServices: readonly IntegrationServiceKind[];
  readonly clustered: boolean;
  readonly os: GuestOsName;
  readonly hostname: string;
  readonly manners: GuestManners;
  readonly profile: UsageProfileName;
}
