import type { VmCommandName, VmSummary } from '@aether-v/types';
import { actionTexts } from './actions.text.ts';

/** The commands with a form that the menu of a VM offers. */
export type VmFormName = Extract<
  VmCommandName,
  'checkpoint.create' | 'vm.update' | 'vm.move' | 'vm.addClusterRole' | 'vm.removeClusterRole' | 'vm.delete'
>;

/** The form that is open, and its VM. */
export interface OpenVmForm {
  readonly form: VmFormName;
  readonly vmId: string;
}

/** An entry of the menu that opens a form. */
interface OfferedForm {
  readonly command: VmFormName;
  readonly label: string;
  /** Returns whether the entry makes sense for the VM; always if absent. */
  readonly applies?: (vm: VmSummary) => boolean;
  /** Returns a reason against it that its row of the table does not contain; null if there is none. */
  readonly whyNot?: (vm: VmSummary) => string | null;
  /** True if the form offers to turn the VM off, so that it is accepted in every state. */
  readonly inAnyState?: true;
}

/** The forms in menu order, below the power actions. */
export const offeredForms: readonly OfferedForm[] = [
  { command: 'checkpoint.create', label: 'Take checkpoint…' },
  { command: 'vm.update', label: 'Edit settings…' },
  {
    command: 'vm.move',
    label: 'Move…',
    whyNot: ({ clusterId, clusterRole }) => {
      if (clusterId === null) return actionTexts.notInCluster;
      return clusterRole === null ? actionTexts.notClustered : null;
    },
  },
  {
    command: 'vm.addClusterRole',
    label: 'Add to cluster…',
    applies: ({ clusterId, clusterRole }) => clusterId !== null && clusterRole === null,
  },
  {
    command: 'vm.removeClusterRole',
    label: 'Remove from cluster…',
    applies: ({ clusterRole }) => clusterRole !== null,
  },
  { command: 'vm.delete', label: 'Delete…', inAnyState: true },
];
