import { Checkbox, Input, Text } from '@fluentui/react-components';
import { useNavigate, useRouter } from '@tanstack/react-router';
import type { Job, Plan, Vm } from '@aether-v/types';
import { useId, useState, type ReactElement } from 'react';
import { vmOnHost } from '../actions/actions.text.ts';
import { vmStateWords } from '../components/states.text.ts';
import { ChangeDialog } from '../vm-forms/change-dialog.tsx';
import { DeletionLists } from '../vm-forms/deletion-lists.tsx';
import { deleteTexts as texts } from './delete.text.ts';
import { FormField } from '../vm-forms/form-field.tsx';
import { useFollowChange } from '../vm-forms/use-sending.ts';

/** Returns the disks of a VM that a plan deletes. */
function deletedDisks({ disks }: Vm, plan: Plan | null): Vm['disks'] {
  const deletes = new Set(plan?.deletes.map((path) => path.toUpperCase()));
  return disks.filter(({ path }) => deletes.has(path.toUpperCase()));
}

/** Follows a deletion, and leaves the page of the VM once it is gone. */
function useFollowDeletion(vmId: string): (job: Job) => Promise<void> {
  const follow = useFollowChange();
  const navigate = useNavigate();
  const router = useRouter();
  return async (job) => {
    const ended = await follow(job);
    const isHere = router.state.location.pathname === `/vms/${encodeURIComponent(vmId)}`;
    if (ended?.state === 'succeeded' && isHere) await navigate({ to: '/vms' });
  };
}

/** Deletes a VM after its name was typed. Lists everything that is deleted, and what is kept with the reasons. */
export function DeleteVmDialog({
  vm,
  onClose,
}: {
  readonly vm: Vm;
  readonly onClose: () => void;
}): ReactElement {
  const rests = vm.state === 'Off' || vm.state === 'Saved';
  const [deletesDisks, setDeletesDisks] = useState(true);
  const [turnsOff, setTurnsOff] = useState(false);
  const [typed, setTyped] = useState('');
  const nameId = useId();
  const followDeletion = useFollowDeletion(vm.id);
  const force = turnsOff && !rests;
  const first = [
    texts.machine(vm.name),
    ...(vm.checkpoints.length > 0 ? [texts.checkpoints(vm.checkpoints.map(({ name }) => name))] : []),
  ];
  return (
    <ChangeDialog
      title={texts.title(vmOnHost(vm))}
      vm={vm}
      command="vm.delete"
      inAnyState
      change={{
        command: 'vm.delete',
        vmId: vm.id,
        // Always planned as if it were turned off, so that the lists are complete before that is decided.
        options: { name: vm.name, force: !rests, deleteDisks: deletesDisks },
      }}
      missing={rests || turnsOff ? undefined : texts.mustTurnOff(vm.name, vmStateWords[vm.state])}
      incomplete={typed === vm.name ? undefined : texts.mustType}
      submit={(plan) => texts.submit(vm.name, deletedDisks(vm, plan).length, force)}
      isDangerous
      startsWithCancel={false}
      startsAt={nameId}
      onClose={onClose}
      onAccepted={(job) => void followDeletion(job)}
    >
      {({ checked, problems }) => {
        const freed = deletedDisks(vm, checked.plan).reduce((sum, { fileSize }) => sum + (fileSize ?? 0), 0);
        return (
          <>
            {checked.plan && <DeletionLists vm={vm} plan={checked.plan} first={first} />}
            {freed > 0 && <Text>{texts.freed(freed)}</Text>}
            <div>
              <Checkbox
                label={texts.disks}
                checked={deletesDisks}
                onChange={(_, data) => setDeletesDisks(data.checked === true)}
              />
              {!rests && (
                <Checkbox
                  label={texts.turnOff(vm.name, vmStateWords[vm.state])}
                  checked={turnsOff}
                  onChange={(_, data) => setTurnsOff(data.checked === true)}
                />
              )}
            </div>
            <FormField label={texts.confirm(vm.name)} problem={problems.fields.get('name')}>
              <Input
                id={nameId}
                value={typed}
                autoComplete="off"
                onChange={(_, { value }) => setTyped(value)}
              />
            </FormField>
          </>
        );
      }}
    </ChangeDialog>
  );
}
