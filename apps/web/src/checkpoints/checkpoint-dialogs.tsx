import { Checkbox, Input, Text } from '@fluentui/react-components';
import type { Job, Vm, VmCheckpoint } from '@aether-v/types';
import { useState, type ReactElement } from 'react';
import { vmOnHost } from '../actions/actions.text.ts';
import { vmStateWords } from '../components/states.text.ts';
import { ChangeDialog } from '../vm-forms/change-dialog.tsx';
import { FormField } from '../vm-forms/form-field.tsx';
import { NameList } from '../vm-forms/name-list.tsx';
import { useThenSend } from '../vm-forms/use-then-send.tsx';
import { checkpointTexts as texts } from './checkpoints.text.ts';

interface Props {
  readonly vm: Vm;
  readonly onClose: () => void;
}

interface OfCheckpoint extends Props {
  readonly checkpoint: VmCheckpoint;
}

/** Takes a checkpoint, with a name or with the one that Hyper-V generates. */
export function TakeCheckpointDialog({ vm, onClose }: Props): ReactElement {
  const [name, setName] = useState('');
  const trimmed = name.trim();
  return (
    <ChangeDialog
      title={texts.takeTitle(vmOnHost(vm))}
      vm={vm}
      command="checkpoint.create"
      change={{
        command: 'checkpoint.create',
        vmId: vm.id,
        options: { name: trimmed === '' ? null : trimmed },
      }}
      submit={texts.take}
      onClose={onClose}
    >
      {({ problems }) => (
        <>
          <FormField label={texts.name} hint={texts.nameHint} problem={problems.fields.get('name')}>
            <Input value={name} maxLength={100} onChange={(_, { value }) => setName(value)} />
          </FormField>
          {vm.checkpointType !== null && <Text>{texts.kindHint[vm.checkpointType]}</Text>}
        </>
      )}
    </ChangeDialog>
  );
}

/** Renames a checkpoint. */
export function RenameCheckpointDialog({ vm, checkpoint, onClose }: OfCheckpoint): ReactElement {
  const [name, setName] = useState(checkpoint.name);
  const trimmed = name.trim();
  const isNew = trimmed !== '' && trimmed !== checkpoint.name;
  return (
    <ChangeDialog
      title={texts.renameTitle(checkpoint.name, vmOnHost(vm))}
      vm={vm}
      command="checkpoint.rename"
      change={
        isNew
          ? {
              command: 'checkpoint.rename',
              vmId: vm.id,
              options: { checkpointId: checkpoint.id, name: trimmed },
            }
          : null
      }
      submit={texts.renameTo(isNew ? trimmed : '')}
      onClose={onClose}
    >
      {({ problems }) => (
        <FormField label={texts.name} required problem={problems.fields.get('name')}>
          <Input
            value={name}
            maxLength={100}
            onFocus={({ target }) => target.select()}
            onChange={(_, { value }) => setName(value)}
          />
        </FormField>
      )}
    </ChangeDialog>
  );
}

/** Deletes a checkpoint, alone or with those that are based on it. */
export function DeleteCheckpointDialog({
  vm,
  checkpoint,
  descendants,
  subtree,
  onClose,
}: OfCheckpoint & {
  readonly descendants: readonly VmCheckpoint[];
  readonly subtree: boolean;
}): ReactElement {
  const goes = subtree ? [checkpoint, ...descendants] : [checkpoint];
  return (
    <ChangeDialog
      title={
        subtree
          ? texts.deleteTreeTitle(checkpoint.name, descendants.length, vmOnHost(vm))
          : texts.deleteTitle(checkpoint.name, vmOnHost(vm))
      }
      vm={vm}
      command="checkpoint.delete"
      change={{
        command: 'checkpoint.delete',
        vmId: vm.id,
        options: { checkpointId: checkpoint.id, subtree },
      }}
      submit={subtree ? texts.deleteTreeButton(goes.length) : texts.deleteButton(checkpoint.name)}
      isDangerous
      onClose={onClose}
    >
      {() => (
        <>
          <Text>{subtree ? texts.deleteTreeBody : texts.deleteBody}</Text>
          <NameList title={texts.goes} names={goes.map(({ id, name }) => ({ key: id, name }))} />
        </>
      )}
    </ChangeDialog>
  );
}

/** Returns the words on the button that applies a checkpoint. */
function applyLabel(name: string, takesFirst: boolean, turnsOff: boolean): string {
  if (takesFirst) return turnsOff ? texts.takeOffApply(name) : texts.takeThenApply(name);
  return turnsOff ? texts.offThenApply(name) : texts.applyOnly(name);
}

/** Applies a checkpoint, on request after a checkpoint of the current state. */
export function ApplyCheckpointDialog({ vm, checkpoint, onClose }: OfCheckpoint): ReactElement {
  const rests = vm.state === 'Off' || vm.state === 'Saved';
  const mayTake = vm.checkpointType !== 'Disabled';
  const [takesFirst, setTakesFirst] = useState(mayTake);
  const [turnsOff, setTurnsOff] = useState(false);
  const thenSend = useThenSend();
  const force = turnsOff && !rests;
  const apply = {
    command: 'checkpoint.apply',
    vmId: vm.id,
    options: { checkpointId: checkpoint.id, force },
  } as const;
  const takeFirst = {
    first: { command: 'checkpoint.create', vmId: vm.id, options: { name: null } } as const,
    onAccepted: (job: Job) => void thenSend(job, apply, texts.notApplied(checkpoint.name)),
  };
  return (
    <ChangeDialog
      title={texts.applyTitle(checkpoint.name, vmOnHost(vm))}
      vm={vm}
      command="checkpoint.apply"
      change={rests || turnsOff ? apply : null}
      missing={rests || turnsOff ? undefined : texts.mustTurnOff(vm.name, vmStateWords[vm.state])}
      submit={applyLabel(checkpoint.name, takesFirst, force)}
      isDangerous={force || !takesFirst}
      onClose={onClose}
      {...(takesFirst && takeFirst)}
    >
      {() => (
        <>
          <Text>{texts.applyBody(checkpoint.name)}</Text>
          <div>
            <Checkbox
              label={texts.takeFirst}
              checked={takesFirst}
              disabled={!mayTake}
              onChange={(_, { checked }) => setTakesFirst(checked === true)}
            />
            {!rests && (
              <Checkbox
                label={texts.turnOff(vm.name, vmStateWords[vm.state])}
                checked={turnsOff}
                onChange={(_, { checked }) => setTurnsOff(checked === true)}
              />
            )}
          </div>
        </>
      )}
    </ChangeDialog>
  );
}
