import { Text } from '@fluentui/react-components';
import type { Vm } from '@aether-v/types';
import type { ReactElement } from 'react';
import { vmOnHost } from '../actions/actions.text.ts';
import { ChangeDialog } from '../vm-forms/change-dialog.tsx';
import { moveTexts as texts } from './move.text.ts';

interface Props {
  readonly vm: Vm;
  readonly onClose: () => void;
}

/** Makes a VM a role of its cluster. */
export function AddClusterRoleDialog({ vm, onClose }: Props): ReactElement {
  const cluster = vm.clusterName ?? '';
  return (
    <ChangeDialog
      title={texts.addRoleTitle(vmOnHost(vm), cluster)}
      vm={vm}
      command="vm.addClusterRole"
      change={{ command: 'vm.addClusterRole', vmId: vm.id, options: {} }}
      submit={texts.addRole(cluster)}
      onClose={onClose}
    >
      {() => <Text>{texts.addRoleBody}</Text>}
    </ChangeDialog>
  );
}

/** Removes the role of a VM from its cluster; the VM stays. */
export function RemoveClusterRoleDialog({ vm, onClose }: Props): ReactElement {
  const cluster = vm.clusterName ?? '';
  return (
    <ChangeDialog
      title={texts.removeRoleTitle(vmOnHost(vm), cluster)}
      vm={vm}
      command="vm.removeClusterRole"
      change={{ command: 'vm.removeClusterRole', vmId: vm.id, options: {} }}
      submit={texts.removeRole(cluster)}
      startsWithCancel
      onClose={onClose}
    >
      {() => <Text>{texts.removeRoleBody(vm.hostName)}</Text>}
    </ChangeDialog>
  );
}
