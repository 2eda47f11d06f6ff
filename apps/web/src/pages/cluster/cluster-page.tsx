import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Cluster } from '@aether-v/types';
import type { ReactElement } from 'react';
import { dropEmpty } from '../../address/drop-empty.ts';
import { AppLink } from '../../components/app-link.tsx';
import { formatCount, formatDateTime } from '../../components/format.ts';
import { Message } from '../../components/message.tsx';
import { MissingPage } from '../../components/missing-page.tsx';
import { Notices } from '../../components/notices.tsx';
import { PageSkeleton } from '../../components/page-skeleton.tsx';
import { PageTabs } from '../../components/page-tabs.tsx';
import { Page } from '../../components/page.tsx';
import { useRow } from '../../fleet/fleet-context.ts';
import { useGathering } from '../../fleet/use-gathering.ts';
import { VmList } from '../../vm-list/vm-list.tsx';
import { ClusterFactsTab } from './cluster-facts.tsx';
import { clusterTexts as texts } from './cluster.text.ts';

function LoadedCluster({ cluster }: { readonly cluster: Cluster }): ReactElement {
  const search = useSearch({ from: '/clusters/$clusterId' });
  const navigate = useNavigate({ from: '/clusters/$clusterId' });
  const tab = search.tab === 'cluster' ? 'cluster' : 'vms';
  const tabs = { ...texts.tabs, vms: `${texts.tabs.vms} (${formatCount(cluster.vmCount)})` };
  const running = formatCount(cluster.runningVmCount);
  const lastKnown = cluster.staleVmCount > 0 ? formatCount(cluster.staleVmCount) : null;
  return (
    <Page
      title={cluster.name}
      beside={texts.counts(cluster.nodes.length, running, formatCount(cluster.vmCount), lastKnown)}
      scrolls={tab === 'cluster'}
    >
      {cluster.stale && (
        <Notices>
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>
              {texts.stale(formatDateTime(cluster.stale.since))} {cluster.stale.message}
            </MessageBarBody>
          </MessageBar>
        </Notices>
      )}
      <PageTabs
        tabs={tabs}
        selected={tab}
        onSelect={(next) => void navigate({ search: next === 'vms' ? {} : { tab: next }, replace: true })}
      >
        {tab === 'cluster' ? (
          <ClusterFactsTab cluster={cluster} />
        ) : (
          <VmList
            search={search}
            clusterId={cluster.id}
            onSearch={(patch) =>
              void navigate({ search: (old) => dropEmpty({ ...old, ...patch }), replace: true })
            }
            empty={<Message title={texts.noVms}>{texts.noVmsBody}</Message>}
          />
        )}
      </PageTabs>
    </Page>
  );
}

/** One cluster: its VMs, nodes and storage. */
export function ClusterPage(): ReactElement {
  const { clusterId } = useParams({ from: '/clusters/$clusterId' });
  const cluster = useRow('cluster', clusterId);
  const gathering = useGathering();
  if (cluster) return <LoadedCluster key={cluster.id} cluster={cluster} />;
  if (gathering) return <PageSkeleton />;
  return (
    <MissingPage
      title={texts.notFound}
      body={texts.notFoundBody}
      back={<AppLink to="/">{texts.back}</AppLink>}
    />
  );
}
