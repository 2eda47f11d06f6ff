import { mergeClasses } from '@fluentui/react-components';
import { usesResources, type VmSummary } from '@aether-v/types';
import type { ReactElement } from 'react';
import { AppLink } from '../components/app-link.tsx';
import { CpuCell } from '../components/cpu.tsx';
import { Dash } from '../components/dash.tsx';
import { formatBytes } from '../components/format.ts';
import { ReplicaMark } from '../components/replica-mark.tsx';
import { Ago, Since } from '../components/time.tsx';
import { useVmUsage } from '../fleet/fleet-context.ts';
import { useRowStyles } from './vm-table.styles.ts';
import { vmTableTexts as texts } from './vm-table.text.ts';

/** The name as a link to the VM's page; Tab stops at the row. */
export function VmName({ vm }: { readonly vm: VmSummary }): ReactElement {
  const styles = useRowStyles();
  return (
    <span className={styles.nameCell}>
      <AppLink
        to="/vms/$vmId"
        params={{ vmId: vm.id }}
        className={mergeClasses(styles.cell, styles.name)}
        tabIndex={-1}
        title={vm.name}
      >
        {vm.name}
      </AppLink>
      <ReplicaMark vm={vm} />
    </span>
  );
}

export function VmHost({ vm }: { readonly vm: VmSummary }): ReactElement {
  return <span title={vm.hostName}>{vm.hostName}</span>;
}

export function VmCluster({ vm }: { readonly vm: VmSummary }): ReactElement {
  if (vm.clusterName === null) return <Dash reason={texts.notClustered} />;
  return <span title={vm.clusterName}>{vm.clusterName}</span>;
}

export function VmSystem({ vm: { guest } }: { readonly vm: VmSummary }): ReactElement {
  if (!guest?.osName) return <Dash reason={texts.noGuest} />;
  return <span title={guest.osName}>{guest.osName}</span>;
}

export function VmGuestName({ vm: { guest } }: { readonly vm: VmSummary }): ReactElement {
  if (!guest?.hostname) return <Dash reason={texts.noGuest} />;
  return <span title={guest.hostname}>{guest.hostname}</span>;
}

export function VmCreated({ vm: { createdAt } }: { readonly vm: VmSummary }): ReactElement {
  return createdAt === null ? <Dash reason={texts.unknown} /> : <Ago moment={createdAt} />;
}

export function VmProcessors({ vm }: { readonly vm: VmSummary }): ReactElement {
  return <>{vm.processors}</>;
}

/** Current CPU usage, or the reason why there is none. */
export function VmCpu({ vm }: { readonly vm: VmSummary }): ReactElement {
  const usage = useVmUsage(vm.id);
  if (!usesResources(vm.state)) return <Dash reason={texts.notRunning} />;
  if (vm.stale) return <Dash reason={texts.staleSample(vm.hostName)} />;
  if (!usage) return <Dash reason={texts.noSample} />;
  return <CpuCell values={usage.cpu} />;
}

/** The VM's current memory, or its startup memory while it is not running. */
export function VmMemory({ vm }: { readonly vm: VmSummary }): ReactElement {
  const usage = useVmUsage(vm.id);
  return (
    <>
      {formatBytes(
        usesResources(vm.state) && !vm.stale && usage ? usage.latest.memoryAssigned : vm.memory.startup,
      )}
    </>
  );
}

/** The first IPv4 address, or the first of any kind; all are shown on hover. */
export function VmAddress({ vm }: { readonly vm: VmSummary }): ReactElement {
  const all = vm.addresses;
  const first = all.find((address) => !address.includes(':')) ?? all[0];
  if (first === undefined)
    return <Dash reason={usesResources(vm.state) ? texts.noAddress : texts.addressWhenRunning} />;
  return <span title={texts.more(all)}>{first}</span>;
}

export function VmUptime({ vm }: { readonly vm: VmSummary }): ReactElement {
  if (vm.stale) return <Dash reason={texts.staleSample(vm.hostName)} />;
  return vm.startedAt === null ? <Dash reason={texts.notRunning} /> : <Since moment={vm.startedAt} />;
}
