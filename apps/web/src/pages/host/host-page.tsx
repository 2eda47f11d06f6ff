import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Host } from '@aether-v/types';
import { useMemo, type ReactElement } from 'react';
import { dropEmpty } from '../../address/drop-empty.ts';
import { AppLink } from '../../components/app-link.tsx';
import { formatCount } from '../../components/format.ts';
import { Message } from '../../components/message.tsx';
import { MissingPage } from '../../components/missing-page.tsx';
import { PageSkeleton } from '../../components/page-skeleton.tsx';
import { PageTabs } from '../../components/page-tabs.tsx';
import { Page } from '../../components/page.tsx';
import { connectionViews } from '../../components/states.text.ts';
import { Status } from '../../components/status.tsx';
import { useInterest, useRow } from '../../fleet/fleet-context.ts';
import { useGathering } from '../../fleet/use-gathering.ts';
import { VmList } from '../../vm-list/vm-list.tsx';
import { HostFactsTab } from './host-facts.tsx';
import { HostNotice } from './host-notice.tsx';
import { hostTexts as texts } from './host.text.ts';

const noVms: readonly string[] = [];

function LoadedHost({ host }: { readonly host: Host }): ReactElement {
  const search = useSearch({ from: '/hosts/$hostId' });
  const navigate = useNavigate({ from: '/hosts/$hostId' });
  const tab = search.tab === 'host' ? 'host' : 'vms';
  const tabs = {
    ...texts.tabs,
    ...(host.facts && { vms: `${texts.tabs.vms} (${formatCount(host.vmCount)})` }),
  };
  useInterest(
    noVms,
    useMemo(() => [host.id], [host.id]),
  );
  return (
    <Page
      title={host.name}
      beside={
        <>
          <Status view={connectionViews[host.connection.state]} />
          {host.clusterId !== null && (
            <AppLink to="/clusters/$clusterId" params={{ clusterId: host.clusterId }}>
              {host.clusterName}
            </AppLink>
          )}
        </>
      }
      scrolls={tab === 'host'}
    >
      <HostNotice host={host} />
      <PageTabs
        tabs={tabs}
        selected={tab}
        onSelect={(next) => void navigate({ search: next === 'vms' ? {} : { tab: next }, replace: true })}
      >
        {tab === 'host' ? (
          <HostFactsTab host={host} />
        ) : (
          <VmList
            search={search}
            hostId={host.id}
            onSearch={(patch) =>
              void navigate({ search: (old) => dropEmpty({ ...old, ...patch }), replace: true })
            }
            empty={
              <Message title={host.facts ? texts.noVms : texts.unknownVms}>
                {host.facts ? texts.noVmsBody : texts.neverAnswered}
              </Message>
            }
          />
        )}
      </PageTabs>
    </Page>
  );
}

/** One host: its VMs, what it is, and what is wrong when it is away. */
export function HostPage(): ReactElement {
  const { hostId } = useParams({ from: '/hosts/$hostId' });
  const host = useRow('host', hostId);
  const gathering = useGathering();
  if (host) return <LoadedHost key={host.id} host={host} />;
  if (gathering) return <PageSkeleton />;
  return (
    <MissingPage
      title={texts.notFound}
      body={texts.notFoundBody}
      back={<AppLink to="/">{texts.back}</AppLink>}
    />
  );
}
