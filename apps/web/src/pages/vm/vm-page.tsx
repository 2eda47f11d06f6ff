import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Vm } from '@aether-v/types';
import { useMemo, type ComponentType, type ReactElement } from 'react';
import { PageActions } from '../../actions/page-actions.tsx';
import { AppLink } from '../../components/app-link.tsx';
import { MissingPage } from '../../components/missing-page.tsx';
import { PageSkeleton } from '../../components/page-skeleton.tsx';
import { PageTabs } from '../../components/page-tabs.tsx';
import { Page } from '../../components/page.tsx';
import { ReadFailed } from '../../components/read-failed.tsx';
import { VmStatus } from '../../components/vm-status.tsx';
import { useFleet, useInterest, useRow } from '../../fleet/fleet-context.ts';
import { vmQuery } from '../../fleet/queries.ts';
import { useGathering } from '../../fleet/use-gathering.ts';
import { CheckpointsTab } from './checkpoints-tab.tsx';
import { HardwareTab } from './hardware-tab.tsx';
import { SettingsTab } from './settings-tab.tsx';
import { SummaryTab } from './summary-tab.tsx';
import { VmNotices } from './vm-notices.tsx';
import { vmTexts as texts } from './vm.text.ts';

const tabs = {
  summary: SummaryTab,
  hardware: HardwareTab,
  checkpoints: CheckpointsTab,
  settings: SettingsTab,
} as const satisfies Record<keyof typeof texts.tabs, ComponentType<{ readonly vm: Vm }>>;
type TabName = keyof typeof tabs;
const tabNames = Object.keys(tabs) as TabName[];

function LoadedVm({ vm }: { readonly vm: Vm }): ReactElement {
  const asked = useSearch({ from: '/vms/$vmId' }).tab;
  const navigate = useNavigate({ from: '/vms/$vmId' });
  const tab: TabName = tabNames.find((name) => name === asked) ?? 'summary';
  const Content = tabs[tab];
  useInterest(useMemo(() => [vm.id], [vm.id]));
  return (
    <Page
      title={vm.name}
      beside={
        <>
          <VmStatus vm={vm} />
          <span>
            {texts.on}{' '}
            <AppLink to="/hosts/$hostId" params={{ hostId: vm.hostId }}>
              {vm.hostName}
            </AppLink>
          </span>
        </>
      }
      actions={<PageActions vm={vm} />}
    >
      <VmNotices vm={vm} />
      <PageTabs
        tabs={texts.tabs}
        selected={tab}
        onSelect={(next) => void navigate({ search: next === 'summary' ? {} : { tab: next }, replace: true })}
      >
        <Content vm={vm} />
      </PageTabs>
    </Page>
  );
}

/** One VM: what it is and does, and everything that can be done with it now. */
export function VmPage(): ReactElement {
  const { vmId } = useParams({ from: '/vms/$vmId' });
  const fleet = useFleet();
  const row = useRow('vm', vmId);
  const read = useQuery(vmQuery(fleet, vmId));
  const gathering = useGathering();
  // The row is ahead of the rest by the time that a read takes.
  if (row && read.data) return <LoadedVm key={row.id} vm={{ ...read.data, ...row }} />;
  if (read.isPending || read.isFetching || gathering) return <PageSkeleton />;
  if (read.error)
    return (
      <Page title={texts.sections.machine}>
        <ReadFailed title={texts.failed} error={read.error} />
      </Page>
    );
  return (
    <MissingPage
      title={texts.notFound}
      body={texts.notFoundBody}
      back={<AppLink to="/vms">{texts.backToList}</AppLink>}
    />
  );
}
