import { Type, type Static } from 'typebox';
import { oneOf } from './enum.ts';
import { HostId, Text } from './scalars.ts';

/** How many hosts a conflict names. */
export const maxConflictHosts = 8;

/**
 * What a row says is claimed by hosts that contradict each other: the id of a host (`host-id`), membership of a cluster
 * (`cluster-membership`) or the GUID of a VM (`vm-id`). Actions on such a row are refused (`disputed`).
 */
export const Conflict = Type.Object({
  code: oneOf(['host-id', 'cluster-membership', 'vm-id']),
  message: Text,
  hostIds: Type.Array(HostId, {
    maxItems: maxConflictHosts,
    description: 'The other hosts, as far as they fit.',
  }),
});

/** What a row says is claimed by hosts that contradict each other. */
export type Conflict = Static<typeof Conflict>;
