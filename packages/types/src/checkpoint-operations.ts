import { Type, type Static } from 'typebox';
import { nullable } from './enum.ts';
import { DisplayName } from './names.ts';
import { NoItem, strict, VmTarget, type OperationSchema } from './operation-schema.ts';
import { Bytes, Guid } from './scalars.ts';
import { DisksElsewhere, Keep } from './vm-operations.ts';
import { VmCheckpoint, VmStateSchema } from './vm.ts';

/** The checkpoints of a VM with the sizes of their files: a tree, by `parentId`. */
export const CheckpointList = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        ...VmCheckpoint.properties,
        size: { ...nullable(Bytes), description: 'Null if it cannot be read.' },
      }),
      { maxItems: 64, description: 'Parents come before their children.' },
    ),
  },
  { $id: 'CheckpointList' },
);

const CheckpointTarget = { vmId: Guid, checkpointId: Guid };
const CheckpointResult = Type.Object({ vmId: Guid, checkpoint: VmCheckpoint });
const common = { item: NoItem, mutates: true, resumable: true, cancelsRunning: true } as const;

/** Operations on checkpoints of a VM. */
export const checkpointOperations = {
  'checkpoint.create': {
    ...common,
    request: Type.Object({ vmId: Guid, name: nullable(DisplayName) }, strict),
    result: CheckpointResult,
    errors: ['not-found', 'wrong-state', 'out-of-space'],
  },
  'checkpoint.list': {
    request: VmTarget,
    item: NoItem,
    result: Type.Object({
      vmId: Guid,
      checkpoints: Type.Array(
        Type.Object({
          ...VmCheckpoint.properties,
          size: nullable(Bytes),
        }),
        { maxItems: 64, description: 'The tree, by parentId; parents come before their children.' },
      ),
    }),
    mutates: false,
    cancelsRunning: false,
    errors: ['not-found'],
  },
  'checkpoint.apply': {
    ...common,
    request: Type.Object(
      { ...CheckpointTarget, force: Type.Boolean({ description: 'Turn the VM off first if it is not.' }) },
      strict,
    ),
    result: Type.Object({ vmId: Guid, state: VmStateSchema }),
    errors: ['not-found', 'wrong-state', 'out-of-space'],
  },
  'checkpoint.rename': {
    ...common,
    request: Type.Object({ ...CheckpointTarget, name: DisplayName }, strict),
    result: CheckpointResult,
    errors: ['not-found'],
  },
  'checkpoint.delete': {
    ...common,
    request: Type.Object(
      { ...CheckpointTarget, subtree: Type.Boolean(), keep: Keep, disksElsewhere: DisksElsewhere },
      strict,
    ),
    result: Type.Object({ vmId: Guid, deleted: Type.Array(Guid, { maxItems: 64 }) }),
    errors: ['not-found', 'wrong-state', 'in-use'],
  },
} as const satisfies Record<string, OperationSchema>;

/** The checkpoints of a VM with the sizes of their files. */
export type CheckpointList = Static<typeof CheckpointList>;
