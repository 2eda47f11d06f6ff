import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { DisplayName } from './names.ts';
import { Empty, NoItem, type OperationSchema } from './operation-schema.ts';
import { Bytes, Text } from './scalars.ts';

/** A place for VMs and disks, under the name that the host's administrator gave it. Sizes are null while it cannot be read. */
export const StorageClass = Type.Object({
  name: DisplayName,
  path: Text,
  kind: oneOf(['csv', 'local']),
  free: nullable(Bytes),
  total: nullable(Bytes),
});

/** A network that adapters can be put on: a switch of the host, and a VLAN or none. */
export const HostNetwork = Type.Object({
  name: DisplayName,
  switchName: Text,
  vlanId: nullable(Type.Integer({ minimum: 1, maximum: 4094 })),
  present: Type.Boolean({ description: 'The host has a switch of that name.' }),
});

/** A disk to copy. Its id is a name, never a path: the file's name without folder and extension, or what the host's configuration calls it. */
export const HostImage = Type.Object({
  id: DisplayName,
  name: Text,
  size: Bytes,
  virtualSize: nullable(Bytes),
  osFamily: nullable(oneOf(['windows', 'linux'])),
});

/** A medium for DVD drives; its id is the file's name without its folder. */
export const HostIso = Type.Object({ id: DisplayName, name: Text, size: Bytes });

/** What a host has to make VMs of, from its configuration and from what is really there. */
export const HostResources = Type.Object({
  storageClasses: Type.Array(StorageClass, { maxItems: 64 }),
  networks: Type.Array(HostNetwork, { maxItems: 256 }),
  images: Type.Array(HostImage, { maxItems: 256 }),
  isos: Type.Array(HostIso, { maxItems: 256 }),
  vmPath: nullable(
    Type.Object({ path: Text, present: Type.Boolean() }, { description: 'Where configurations of VMs go.' }),
  ),
  problems: Type.Array(Text, {
    maxItems: 64,
    description: 'What of the configuration is not there, in words.',
  }),
});

/** Operations about what a host has. */
export const resourceOperations = {
  'host.resources': {
    request: Empty,
    item: NoItem,
    result: HostResources,
    mutates: false,
    cancelsRunning: false,
    errors: [],
  },
} as const satisfies Record<string, OperationSchema>;

/** What a host has to make VMs of. */
export type HostResources = Static<typeof HostResources>;
/** A place for VMs and disks. */
export type StorageClass = Static<typeof StorageClass>;
/** A network that adapters can be put on. */
export type HostNetwork = Static<typeof HostNetwork>;
/** A disk to copy. */
export type HostImage = Static<typeof HostImage>;
/** A medium for DVD drives. */
export type HostIso = Static<typeof HostIso>;
