import { Type, type Static } from 'typebox';
import { oneOf } from './enum.ts';
import { Job } from './job.ts';

/** The actions of the VM control API. */
export const vmControlActions = ['start', 'shutdown', 'restart'] as const;

/** An action of the VM control API. */
export type VmControlAction = (typeof vmControlActions)[number];

/** The answer of `GET /vm/list`. */
export const VmControlList = Type.Object(
  { vms: Type.Array(Type.String({ description: 'The name of a VM.' })) },
  { $id: 'VmControlList' },
);

/** The answer of an action of the VM control API; `job` only while the action is not complete. */
export const VmControlResult = Type.Object(
  {
    status: oneOf(['success', 'accepted']),
    vm: Type.String(),
    action: oneOf(vmControlActions),
    output: Type.String({ description: 'A sentence for people.' }),
    job: Type.Optional(Job),
  },
  { $id: 'VmControlResult' },
);

/** The answer of `GET /vm/list`. */
export type VmControlList = Static<typeof VmControlList>;
/** The answer of an action of the VM control API. */
export type VmControlResult = Static<typeof VmControlResult>;
