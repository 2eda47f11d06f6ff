import { MessageBar, MessageBarBody, Tab, TabList } from '@fluentui/react-components';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Cluster } from '@aether-v/types';
import type { ReactElement } from 'react';
import { dropEmpty } from '../../app/drop-empty.ts';
import { ShellSkeleton } from '../../app/shell-skeleton.tsx';
import { AppLink } from '../../components/app-link.tsx';
import { formatCount, formatDateTime } from '../../components/format.ts';
import { Message } from '../../components/message.tsx';
import { Page } from '../../components/page.tsx';
import { useTabRowStyles } from '../../components/tab-row.styles.ts';
import { VmList } from '../../components/vm-list/vm-list.tsx';
import { useRow } from '../../fleet/fleet-context.ts';
import { ClusterFactsTab } from './cluster-facts.tsx';
import { useGathering } from '../../fleet/use-gathering.ts';
import { clusterTexts as texts } from './cluster.text.ts';

function LoadedCluster({ cluster }: { readonly cluster: Cluster }): ReactElement {
  const styles = useTabRowStyles();
  const search = useSearch({ from: '/clusters/$clusterId' });
  const navigate = useNavigate({ from: '/clusters/$clusterId' });
  const tab = search.tab === 'cluster' ? 'cluster' : 'vms';
  const running = formatCount(cluster.runningVmCount);
  return (
    <Page
      title={cluster.name}
      beside={texts.counts(cluster.nodes.length, running, formatCount(cluster.vmCount))}
      scrolls={tab === 'cluster'}
    >
      <div style={tab === 'vms' ? { display: 'flex', flexDirection: 'column', height: '100%' } : undefined}>
        {cluster.stale && (
          <MessageBar intent="warning">
            <MessageBarBody>
              {texts.stale(formatDateTime(cluster.stale.since))} {cluster.stale.message}
            </MessageBarBody>
          </MessageBar>
        )}
        <TabList
          className={styles.root}
          selectedValue={tab}
          onTabSelect={(_, { value }) =>
            void navigate({ search: value === 'vms' ? {} : { tab: String(value) }, replace: true })
          }
        >
          <Tab value="vms">{`${texts.tabs.vms} (${formatCount(cluster.vmCount)})`}</Tab>
          <Tab value="cluster">{texts.tabs.cluster}</Tab>
        </TabList>
        {tab === 'cluster' ? (
          <ClusterFactsTab cluster={cluster} />
        ) : (
          <div style={{ flexGrow: 1, minHeight: 0 }}>
            <VmList
              search={search}
              clusterId={cluster.id}
              onSearch={(patch) =>
                void navigate({ search: (old) => dropEmpty({ ...old, ...patch }), replace: true })
              }
              empty={<Message title={texts.noVms}>{texts.noVmsBody}</Message>}
            />
          </div>
        )}
      </div>
    </Page>
  );
}

/** One cluster: its VMs, nodes and storage. */
export function ClusterPage(): ReactElement {
  const { clusterId } = useParams({ from: '/clusters/$clusterId' });
  const cluster = useRow('cluster', clusterId);
  const gathering = useGathering();
  if (cluster) return <LoadedCluster key={cluster.id} cluster={cluster} />;
  if (gathering) return <ShellSkeleton />;
  return (
    <Message title={texts.notFound} action={<AppLink to="/">{texts.back}</AppLink>}>
      {texts.notFoundBody}
    </Message>
  );
}
