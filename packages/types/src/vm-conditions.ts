// No schema here: the console imports these lists without TypeBox.
import { namesOf } from './windows/enumeration.ts';
import { integrationServiceStatus, vmActivity, vmHealth } from './windows/virtual-machines.ts';

/** The activities of a VM in addition to its state. */
export const vmActivities = namesOf(vmActivity);

/** An activity of a VM in addition to its state. */
export type VmActivityKind = (typeof vmActivities)[number];

/** Hyper-V's health values of a VM. */
export const vmHealths = namesOf(vmHealth);

/** The health of a VM. */
export type VmHealth = (typeof vmHealths)[number];

/** The statuses of an integration service, including the heartbeat. */
export const integrationServiceStatuses = namesOf(integrationServiceStatus);

/** The status of an integration service. */
export type IntegrationServiceStatus = (typeof integrationServiceStatuses)[number];

/** Integration services by fixed kind; their names are localized on hosts. */
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
