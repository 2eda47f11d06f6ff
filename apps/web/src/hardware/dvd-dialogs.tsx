import { Text } from '@fluentui/react-components';
import type { Vm } from '@aether-v/types';
import { useState, type ReactElement } from 'react';
import { vmOnHost } from '../actions/actions.text.ts';
import { formatBytes } from '../components/format.ts';
import { ChangeDialog } from '../vm-forms/change-dialog.tsx';
import { Choice } from '../vm-forms/choice.tsx';
import { resourcesHint, useResources } from '../vm-forms/resources.ts';
import type { VmForm } from './disk-dialogs.tsx';
import { fileName, hardwareTexts as texts } from './hardware.text.ts';
import { slotText } from './slot-text.ts';

type Drive = Vm['dvdDrives'][number];

const newDrive = '';

/** Inserts an ISO into a drive, by default into the first empty one. */
export function InsertDvdDialog({
  vm,
  driveId,
  onClose,
}: VmForm & {
  /** The drive that was chosen; null for the first empty one. */
  readonly driveId: string | null;
}): ReactElement {
  const read = useResources(vm.hostId);
  const isos = read.resources?.isos ?? [];
  const empty = vm.dvdDrives.find(({ path }) => path === null)?.id ?? newDrive;
  const [drive, setDrive] = useState(driveId ?? empty);
  const [chosen, setChosen] = useState('');
  const iso = chosen === '' ? (isos[0]?.id ?? '') : chosen;
  const name = isos.find(({ id }) => id === iso)?.name ?? iso;
  return (
    <ChangeDialog
      title={texts.insertTitle(vmOnHost(vm))}
      vm={vm}
      command="dvd.insert"
      change={
        iso === ''
          ? null
          : {
              command: 'dvd.insert',
              vmId: vm.id,
              options: { iso, driveId: drive === newDrive ? null : drive },
            }
      }
      submit={texts.insertNamed(name)}
      onClose={onClose}
    >
      {({ problems }) => (
        <>
          <Choice
            label={texts.iso}
            hint={resourcesHint(read, vm.hostName) ?? (isos.length === 0 ? texts.noIsos : undefined)}
            problem={problems.fields.get('iso')}
            value={iso}
            options={isos.map(({ id, name: label, size }) => ({
              value: id,
              label: `${label} (${formatBytes(size)})`,
            }))}
            onChange={setChosen}
          />
          <Choice
            label={texts.drive}
            problem={problems.fields.get('driveId')}
            value={drive}
            options={[
              ...vm.dvdDrives.map((one) => ({
                value: one.id,
                label: one.path === null ? slotText(one) : `${slotText(one)}: ${fileName(one.path)}`,
              })),
              { value: newDrive, label: texts.newDrive },
            ]}
            onChange={setDrive}
          />
        </>
      )}
    </ChangeDialog>
  );
}

/** Ejects a medium; the drive stays. */
export function EjectDvdDialog({ vm, drive, onClose }: VmForm & { readonly drive: Drive }): ReactElement {
  const path = drive.path ?? '';
  const file = fileName(path);
  return (
    <ChangeDialog
      title={texts.ejectTitle(file, vmOnHost(vm))}
      vm={vm}
      command="dvd.eject"
      change={{ command: 'dvd.eject', vmId: vm.id, options: { driveId: drive.id, path } }}
      submit={texts.ejectNamed(file)}
      onClose={onClose}
    >
      {() => <Text>{texts.ejectBody}</Text>}
    </ChangeDialog>
  );
}
