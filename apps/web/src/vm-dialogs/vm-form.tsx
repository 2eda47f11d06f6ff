import { useQuery } from '@tanstack/react-query';
import type { Vm } from '@aether-v/types';
import { useEffect, type ComponentType, type ReactElement } from 'react';
import type { VmFormName } from '../actions/offered-forms.ts';
import { TakeCheckpointDialog } from '../checkpoints/checkpoint-dialogs.tsx';
import { useFleet, useRow } from '../fleet/fleet-context.ts';
import { vmQuery } from '../fleet/queries.ts';
import { AddClusterRoleDialog, RemoveClusterRoleDialog } from './cluster-role-dialogs.tsx';
import { DeleteVmDialog } from './delete-vm-dialog.tsx';
import { EditSettingsDialog } from './edit-settings-dialog.tsx';
import { MoveVmDialog } from './move-vm-dialog.tsx';

const forms: Record<VmFormName, ComponentType<{ readonly vm: Vm; readonly onClose: () => void }>> = {
  'checkpoint.create': TakeCheckpointDialog,
  'vm.update': EditSettingsDialog,
  'vm.move': MoveVmDialog,
  'vm.addClusterRole': AddClusterRoleDialog,
  'vm.removeClusterRole': RemoveClusterRoleDialog,
  'vm.delete': DeleteVmDialog,
};

/** The form of a command for a VM, as soon as all of the VM has been read; none for a VM that is gone. */
export function VmForm({
  form,
  vmId,
  onClose,
}: {
  readonly form: VmFormName;
  readonly vmId: string;
  readonly onClose: () => void;
}): ReactElement | null {
  const fleet = useFleet();
  const row = useRow('vm', vmId);
  const { data, error } = useQuery(vmQuery(fleet, vmId));
  const isGone = row === null || error !== null;
  useEffect(() => {
    if (isGone) onClose();
  }, [isGone, onClose]);
  if (!row || !data) return null;
  const Form = forms[form];
  return <Form vm={{ ...data, ...row }} onClose={onClose} />;
}
