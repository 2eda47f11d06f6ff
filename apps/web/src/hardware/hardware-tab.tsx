import { makeStyles, tokens } from '@fluentui/react-components';
import type { Vm } from '@aether-v/types';
import { useState, type ReactElement } from 'react';
import { useVmActions } from '../actions/action-context.ts';
import { Dash } from '../components/dash.tsx';
import { Facts, type Fact } from '../components/facts.tsx';
import { formatBytes, formatMac, formatPercent } from '../components/format.ts';
import { Section } from '../components/section.tsx';
import { SimpleTable } from '../components/simple-table.tsx';
import { Stack } from '../components/stack.tsx';
import { vlanText, vmTexts } from '../components/vm.text.ts';
import { CommandButton } from '../vm-forms/command-button.tsx';
import { RowMenu } from '../vm-forms/row-menu.tsx';
import { OpenHardwareForm, type HardwareForm } from './hardware-form.tsx';
import { fileName, hardwareTexts as texts } from './hardware.text.ts';
import { slotText } from './slot-text.ts';

const useStyles = makeStyles({
  folder: { display: 'block', color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

const { labels, sections } = vmTexts;

interface Part {
  readonly vm: Vm;
  readonly onOpen: (form: HardwareForm) => void;
}

function size(bytes: number | null): ReactElement | string {
  return bytes === null ? (
    <Dash reason={vmTexts.unknownSize} />
  ) : (
    <span style={{ whiteSpace: 'nowrap' }}>{formatBytes(bytes)}</span>
  );
}

function memoryFacts({ memory }: Vm): Fact[] {
  if (!memory.dynamic) return [[labels.memory, vmTexts.staticMemory(formatBytes(memory.startup))]];
  return [
    [labels.memory, labels.dynamic],
    [labels.startup, formatBytes(memory.startup)],
    [labels.minimum, memory.minimum === null ? '' : formatBytes(memory.minimum)],
    [labels.maximum, memory.maximum === null ? '' : formatBytes(memory.maximum)],
    [labels.buffer, memory.bufferPercent === null ? '' : formatPercent(memory.bufferPercent)],
  ].filter((fact): fact is [string, string] => fact[1] !== '');
}

/** A file with its folder below it. */
function File({ path }: { readonly path: string }): ReactElement {
  const styles = useStyles();
  const name = fileName(path);
  return (
    <>
      {name}
      <span className={styles.folder}>{path.slice(0, -name.length - 1)}</span>
    </>
  );
}

function Disks({ vm, onOpen }: Part): ReactElement {
  return (
    <SimpleTable
      label={sections.disks}
      columns={[labels.file, labels.controller, labels.kind, labels.size, labels.onDisk]}
      actions={texts.actions}
      rows={vm.disks.map((disk) => ({
        key: slotText(disk),
        cells: [
          disk.path === '' ? vmTexts.notReported : <File key="file" path={disk.path} />,
          slotText(disk),
          vmTexts.diskKind(disk),
          size(disk.size),
          size(disk.fileSize),
        ],
        actions: (
          <RowMenu
            vm={vm}
            label={texts.actionsFor(disk.path === '' ? slotText(disk) : fileName(disk.path))}
            entries={[
              { command: 'disk.grow', label: texts.grow, onOpen: () => onOpen({ form: 'disk.grow', disk }) },
              {
                command: 'disk.detach',
                label: texts.detach,
                onOpen: () => onOpen({ form: 'disk.detach', disk }),
              },
              {
                command: 'disk.delete',
                label: texts.deleteDisk,
                onOpen: () => onOpen({ form: 'disk.delete', disk }),
              },
            ]}
          />
        ),
      }))}
    />
  );
}

function DvdDrives({ vm, onOpen }: Part): ReactElement {
  return (
    <SimpleTable
      label={sections.dvd}
      columns={[labels.medium, labels.controller]}
      actions={texts.actions}
      rows={vm.dvdDrives.map((drive) => ({
        key: drive.id,
        cells: [
          drive.path === null ? vmTexts.emptyDrive : <File key="file" path={drive.path} />,
          slotText(drive),
        ],
        actions: (
          <RowMenu
            vm={vm}
            label={texts.actionsFor(slotText(drive))}
            entries={[
              {
                command: 'dvd.insert',
                label: texts.insertInto,
                onOpen: () => onOpen({ form: 'dvd.insert', driveId: drive.id }),
              },
              {
                command: 'dvd.eject',
                label: texts.eject,
                whyNot: drive.path === null ? texts.driveEmpty : null,
                onOpen: () => onOpen({ form: 'dvd.eject', drive }),
              },
            ]}
          />
        ),
      }))}
    />
  );
}

function Network({ vm, onOpen }: Part): ReactElement {
  return (
    <SimpleTable
      label={sections.network}
      columns={[labels.adapter, labels.switch, labels.vlan, labels.macAddress, labels.addresses]}
      actions={texts.actions}
      rows={vm.networkAdapters.map((adapter) => {
        const mac = adapter.macAddress === null ? vmTexts.notReported : formatMac(adapter.macAddress);
        return {
          key: adapter.id,
          cells: [
            adapter.legacy ? vmTexts.legacy(adapter.name) : adapter.name,
            adapter.connected ? adapter.switchName : vmTexts.notConnected,
            vlanText(adapter.vlan),
            adapter.dynamicMacAddress ? vmTexts.dynamicMac(mac) : vmTexts.staticMac(mac),
            adapter.addresses.length === 0 ? (
              <Dash reason={vmTexts.noAddresses} />
            ) : (
              adapter.addresses.join(', ')
            ),
          ],
          actions: (
            <RowMenu
              vm={vm}
              label={texts.actionsFor(adapter.name)}
              entries={[
                {
                  command: 'adapter.connect',
                  label: texts.connect,
                  onOpen: () => onOpen({ form: 'adapter.connect', adapter }),
                },
                {
                  command: 'adapter.setMac',
                  label: texts.setMac,
                  onOpen: () => onOpen({ form: 'adapter.setMac', adapter }),
                },
                {
                  command: 'adapter.remove',
                  label: texts.remove,
                  onOpen: () => onOpen({ form: 'adapter.remove', adapter }),
                },
              ]}
            />
          ),
        };
      })}
    />
  );
}

/** The hardware of a VM, with the actions that change it. */
export function HardwareTab({ vm }: { readonly vm: Vm }): ReactElement {
  const [open, setOpen] = useState<HardwareForm | null>(null);
  const { openForm } = useVmActions();
  const part = { vm, onOpen: setOpen };
  return (
    <Stack>
      <Section
        title={sections.processor}
        actions={
          <CommandButton vm={vm} command="vm.update" onClick={() => openForm('vm.update', vm.id)}>
            {vmTexts.editSettings}
          </CommandButton>
        }
      >
        <Facts facts={[[labels.processors, vm.processors || vmTexts.notReported], ...memoryFacts(vm)]} />
      </Section>
      <Section
        title={sections.disks}
        actions={
          <>
            <CommandButton vm={vm} command="disk.create" onClick={() => setOpen({ form: 'disk.create' })}>
              {texts.newDisk}
            </CommandButton>
            <CommandButton vm={vm} command="disk.attach" onClick={() => setOpen({ form: 'disk.attach' })}>
              {texts.attachDisk}
            </CommandButton>
          </>
        }
      >
        {vm.disks.length === 0 ? vmTexts.noDisks : <Disks {...part} />}
      </Section>
      <Section
        title={sections.dvd}
        actions={
          <CommandButton
            vm={vm}
            command="dvd.insert"
            onClick={() => setOpen({ form: 'dvd.insert', driveId: null })}
          >
            {texts.insert}
          </CommandButton>
        }
      >
        {vm.dvdDrives.length === 0 ? vmTexts.noDvd : <DvdDrives {...part} />}
      </Section>
      <Section
        title={sections.network}
        actions={
          <CommandButton vm={vm} command="adapter.add" onClick={() => setOpen({ form: 'adapter.add' })}>
            {texts.newAdapter}
          </CommandButton>
        }
      >
        {vm.networkAdapters.length === 0 ? vmTexts.noNetwork : <Network {...part} />}
      </Section>
      {open && <OpenHardwareForm vm={vm} open={open} onClose={() => setOpen(null)} />}
    </Stack>
  );
}
