import type { Vm } from '@aether-v/types';
import type { ReactElement } from 'react';
import { Dash } from '../../components/dash.tsx';
import { Facts, type Fact } from '../../components/facts.tsx';
import { formatBytes, formatMac, formatPercent } from '../../components/format.ts';
import { Section } from '../../components/section.tsx';
import { SimpleTable } from '../../components/simple-table.tsx';
import { Stack } from '../../components/stack.tsx';
import { vlanText, vmTexts as texts } from './vm.text.ts';

interface Slot {
  readonly controllerType: string;
  readonly controllerNumber: number;
  readonly controllerLocation: number;
}

function slot({ controllerType, controllerNumber, controllerLocation }: Slot): string {
  return `${controllerType} ${controllerNumber}:${controllerLocation}`;
}

function size(bytes: number | null): ReactElement | string {
  return bytes === null ? (
    <Dash reason={texts.unknownSize} />
  ) : (
    <span style={{ whiteSpace: 'nowrap' }}>{formatBytes(bytes)}</span>
  );
}

function memoryFacts({ memory }: Vm): Fact[] {
  if (!memory.dynamic) return [[texts.labels.memory, texts.staticMemory(formatBytes(memory.startup))]];
  return [
    [texts.labels.memory, texts.labels.dynamic],
    [texts.labels.startup, formatBytes(memory.startup)],
    [texts.labels.minimum, memory.minimum === null ? '' : formatBytes(memory.minimum)],
    [texts.labels.maximum, memory.maximum === null ? '' : formatBytes(memory.maximum)],
    [texts.labels.buffer, memory.bufferPercent === null ? '' : formatPercent(memory.bufferPercent)],
  ].filter((fact): fact is [string, string] => fact[1] !== '');
}

function Disks({ vm }: { readonly vm: Vm }): ReactElement {
  return (
    <SimpleTable
      label={texts.sections.disks}
      columns={[
        texts.labels.file,
        texts.labels.controller,
        texts.labels.kind,
        texts.labels.size,
        texts.labels.onDisk,
      ]}
      rows={vm.disks.map((disk) => ({
        key: slot(disk),
        cells: [
          disk.path || texts.notReported,
          slot(disk),
          texts.diskKind(disk),
          size(disk.size),
          size(disk.fileSize),
        ],
      }))}
    />
  );
}

function Network({ vm }: { readonly vm: Vm }): ReactElement {
  return (
    <SimpleTable
      label={texts.sections.network}
      columns={[
        texts.labels.adapter,
        texts.labels.switch,
        texts.labels.vlan,
        texts.labels.macAddress,
        texts.labels.addresses,
      ]}
      rows={vm.networkAdapters.map((nic) => {
        const mac = nic.macAddress === null ? texts.notReported : formatMac(nic.macAddress);
        return {
          key: nic.id,
          cells: [
            nic.legacy ? texts.legacy(nic.name) : nic.name,
            nic.connected ? nic.switchName : texts.notConnected,
            vlanText(nic.vlan),
            nic.dynamicMacAddress ? texts.dynamicMac(mac) : texts.staticMac(mac),
            nic.addresses.length === 0 ? <Dash reason={texts.noAddresses} /> : nic.addresses.join(', '),
          ],
        };
      })}
    />
  );
}

/** The VM's hardware. */
export function HardwareTab({ vm }: { readonly vm: Vm }): ReactElement {
  return (
    <Stack>
      <Section title={texts.sections.processor}>
        <Facts facts={[[texts.labels.processors, vm.processors || texts.notReported], ...memoryFacts(vm)]} />
      </Section>
      <Section title={texts.sections.disks}>
        {vm.disks.length === 0 ? texts.noDisks : <Disks vm={vm} />}
      </Section>
      <Section title={texts.sections.dvd}>
        {vm.dvdDrives.length === 0 ? (
          texts.noDvd
        ) : (
          <Facts facts={vm.dvdDrives.map((drive) => [slot(drive), drive.path ?? texts.emptyDrive])} />
        )}
      </Section>
      <Section title={texts.sections.network}>
        {vm.networkAdapters.length === 0 ? texts.noNetwork : <Network vm={vm} />}
      </Section>
    </Stack>
  );
}
