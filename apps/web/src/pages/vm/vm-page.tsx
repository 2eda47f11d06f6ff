import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Vm } from '@aether-v/types';
import { useMemo, type ReactElement } from 'react';
import { PageActions } from '../../actions/page-actions.tsx';
import { AppLink } from '../../components/app-link.tsx';
import { MissingPage } from '../../components/missing-page.tsx';
import { ObjectPage } from '../../components/object-page.tsx';
import { Page } from '../../components/page.tsx';
import { ReadFailed } from '../../components/read-failed.tsx';
import { ReplicaMark } from '../../components/replica-mark.tsx';
import { VmStatus } from '../../components/vm-status.tsx';
import { useFleet, useInterest, useRow } from '../../fleet/fleet-context.ts';
import { vmQuery } from '../../fleet/queries.ts';
import { useGathering } from '../../fleet/use-gathering.ts';
import { activityTexts } from '../../job-table/activity.text.ts';
import { Activity } from '../../job-table/activity.tsx';
import { CheckpointsTab } from '../../checkpoints/checkpoints-tab.tsx';
import { HardwareTab } from '../../hardware/hardware-tab.tsx';
import { SettingsTab } from './settings-tab.tsx';
import { SummaryTab } from './summary-tab.tsx';
import { VmNotices } from './vm-notices.tsx';
import { vmTexts as texts } from '../../components/vm.text.ts';

function LoadedVm({ vm }: { readonly vm: Vm }): ReactElement {
  const { tab } = useSearch({ from: '/vms/$vmId' });
  const navigate = useNavigate({ from: '/vms/$vmId' });
  useInterest(useMemo(() => [vm.id], [vm.id]));
  return (
    <ObjectPage
      title={vm.name}
      beside={
        <>
          <VmStatus vm={vm} />
          <ReplicaMark vm={vm} />
          <span>
            {texts.on}{' '}
            <AppLink to="/hosts/$hostId" params={{ hostId: vm.hostId }}>
              {vm.hostName}
            </AppLink>
          </span>
        </>
      }
      actions={<PageActions vm={vm} />}
      notices={<VmNotices vm={vm} />}
      tab={tab}
      onTab={(next) => void navigate({ search: next, replace: true })}
      tabs={{
        summary: { label: texts.tabs.summary, content: <SummaryTab vm={vm} /> },
        hardware: { label: texts.tabs.hardware, content: <HardwareTab vm={vm} /> },
        checkpoints: { label: texts.tabs.checkpoints, content: <CheckpointsTab vm={vm} /> },
        activity: {
          label: activityTexts.tab,
          scrolls: false,
          content: <Activity kind="vm" id={vm.id} />,
        },
        settings: { label: texts.tabs.settings, content: <SettingsTab vm={vm} /> },
      }}
    />
  );
}

/** One VM: its facts, state, and available actions. */
export function VmPage(): ReactElement {
  const { vmId } = useParams({ from: '/vms/$vmId' });
  const fleet = useFleet();
  const row = useRow('vm', vmId);
  const read = useQuery(vmQuery(fleet, vmId));
  const gathering = useGathering();
  // The row is newer than the rest by the duration of a read.
  if (row && read.data) return <LoadedVm key={row.id} vm={{ ...read.data, ...row }} />;
  const isReading = read.isPending || read.isFetching || gathering;
  if (read.error && !isReading)
    return (
      <Page title={texts.sections.machine}>
        <ReadFailed title={texts.failed} error={read.error} />
      </Page>
    );
  return (
    <MissingPage
      isReading={isReading}
      title={texts.notFound}
      body={texts.notFoundBody}
      back={<AppLink to="/vms">{texts.backToList}</AppLink>}
    />
  );
}
