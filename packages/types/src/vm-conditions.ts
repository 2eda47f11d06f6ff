// No schema here: the console imports these lists without TypeBox.
import { namesOf } from './windows/enumeration.ts';
import { integrationServiceStatus, vmActivity, vmHealth } from './windows/virtual-machines.ts';

/** What can go on next to the state of a VM. */
export const vmActivities = namesOf(vmActivity);

/** What goes on next to a VM's state. */
export type VmActivityKind = (typeof vmActivities)[number];

/** How Hyper-V judges the health of a VM. */
export const vmHealths = namesOf(vmHealth);

/** The health of a VM. */
export type VmHealth = (typeof vmHealths)[number];

/** How an integration service, and the heartbeat, can stand. */
export const integrationServiceStatuses = namesOf(integrationServiceStatus);

/** How an integration service stands. */
export type IntegrationServiceStatus = (typeof integrationServiceStatuses)[number];

/** Integration services by their fixed kinds: their names are localized on hosts. */
export const integrationServices = [
  'Heartbeat',
  'Shutdown',
  'TimeSynchronization',
  'KeyValuePairExchange',
  'Vss',
  'GuestServiceInterface',
] as const;

/** The kind of an integration service. */
export type IntegrationServiceKind = (typeof integrationServices)[number];
