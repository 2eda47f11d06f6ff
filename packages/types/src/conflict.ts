import { Type, type Static } from 'typebox';
import { oneOf } from './enum.ts';
import { HostId, Text } from './scalars.ts';

/** The maximum number of hosts in a conflict. */
export const maxConflictHosts = 8;

/**
 * A contradiction between hosts about the subject of a row: the id of a host (`host-id`), membership in a cluster
 * (`cluster-membership`) or the GUID of a VM (`vm-id`). Actions on such a row are refused (`disputed`).
 */
export const Conflict = Type.Object({
  code: oneOf(['host-id', 'cluster-membership', 'vm-id']),
  message: Text,
  hostIds: Type.Array(HostId, {
    maxItems: maxConflictHosts,
    description: 'The other hosts; a long list is truncated.',
  }),
});

/** A contradiction between hosts about the subject of a row. */
export type Conflict = Static<typeof Conflict>;
