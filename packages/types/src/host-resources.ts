import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { DisplayName } from './names.ts';
import { Empty, NoItem, type OperationSchema } from './operation-schema.ts';
import { Bytes, Text } from './scalars.ts';

/**
 * A location for VMs and disks, named by the administrator of the host. Sizes are null while the location is unreadable.
 */
export const StorageClass = Type.Object({
  name: DisplayName,
  path: Text,
  kind: oneOf(['csv', 'local']),
  free: nullable(Bytes),
  total: nullable(Bytes),
});

/** A network for adapters: a switch of the host and, optionally, a VLAN. */
export const HostNetwork = Type.Object({
  name: DisplayName,
  switchName: Text,
  vlanId: nullable(Type.Integer({ minimum: 1, maximum: 4094 })),
  present: Type.Boolean({ description: 'True if the host has a switch with that name.' }),
});

/**
 * A disk image for new disks. Its id is a name, never a path: the file name without folder and extension, or the name
 * in the host's configuration.
 */
export const HostImage = Type.Object({
  id: DisplayName,
  name: Text,
  size: Bytes,
  virtualSize: nullable(Bytes),
  osFamily: nullable(oneOf(['windows', 'linux'])),
});

/** An ISO image for DVD drives. Its id is the file name without its folder. */
export const HostIso = Type.Object({ id: DisplayName, name: Text, size: Bytes });

/** The resources of a host for creating VMs, from its configuration and its current state. */
export const HostResources = Type.Object(
  {
    storageClasses: Type.Array(StorageClass, { maxItems: 64 }),
    networks: Type.Array(HostNetwork, { maxItems: 256 }),
    images: Type.Array(HostImage, { maxItems: 256 }),
    isos: Type.Array(HostIso, { maxItems: 256 }),
    vmPath: nullable(
      Type.Object(
        { path: Text, present: Type.Boolean() },
        { description: 'The folder for the configurations of VMs.' },
      ),
    ),
    problems: Type.Array(Text, {
      maxItems: 64,
      description: 'Sentences about what is configured but missing on the host.',
    }),
  },
  { $id: 'HostResources' },
);

/** Operations on a host's resources. */
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

/** The resources of a host for creating VMs. */
export type HostResources = Static<typeof HostResources>;
/** A location for VMs and disks. */
export type StorageClass = Static<typeof StorageClass>;
/** A network for adapters. */
export type HostNetwork = Static<typeof HostNetwork>;
/** A disk image for new disks. */
export type HostImage = Static<typeof HostImage>;
/** A medium for DVD drives. */
export type HostIso = Static<typeof HostIso>;
