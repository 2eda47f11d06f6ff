import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Cluster } from '@aether-v/types';
import type { ReactElement } from 'react';
import { dropEmpty } from '../../address/drop-empty.ts';
import { NewVmButton } from '../../actions/new-vm-button.tsx';
import { AppLink } from '../../components/app-link.tsx';
import { formatCount, formatDateTime } from '../../components/format.ts';
import { Message } from '../../components/message.tsx';
import { MissingPage } from '../../components/missing-page.tsx';
import { Notices } from '../../components/notices.tsx';
import { ObjectPage } from '../../components/object-page.tsx';
import { useRow } from '../../fleet/fleet-context.ts';
import { useGathering } from '../../fleet/use-gathering.ts';
import { VmList } from '../../vm-list/vm-list.tsx';
import { ClusterFactsTab } from './cluster-facts.tsx';
import { clusterTexts as texts } from './cluster.text.ts';

function LoadedCluster({ cluster }: { readonly cluster: Cluster }): ReactElement {
  const search = useSearch({ from: '/clusters/$clusterId' });
  const navigate = useNavigate({ from: '/clusters/$clusterId' });
  const running = formatCount(cluster.runningVmCount);
  const lastKnown = cluster.staleVmCount > 0 ? formatCount(cluster.staleVmCount) : null;
  return (
    <ObjectPage
      title={cluster.name}
      beside={texts.counts(cluster.nodes.length, running, formatCount(cluster.vmCount), lastKnown)}
      actions={<NewVmButton at={{ cluster: cluster.id }} />}
      notices={
        cluster.stale && (
          <Notices>
            <MessageBar intent="warning" layout="multiline">
              <MessageBarBody>
                {texts.stale(formatDateTime(cluster.stale.since))} {cluster.stale.message}
              </MessageBarBody>
            </MessageBar>
          </Notices>
        )
      }
      tab={search.tab}
      onTab={(next) => void navigate({ search: next, replace: true })}
      tabs={{
        vms: {
          label: `${texts.tabs.vms} (${formatCount(cluster.vmCount)})`,
          scrolls: false,
          content: (
            <VmList
              search={search}
              clusterId={cluster.id}
              onSearch={(patch) =>
                void navigate({ search: (old) => dropEmpty({ ...old, ...patch }), replace: true })
              }
              empty={<Message title={texts.noVms}>{texts.noVmsBody}</Message>}
            />
          ),
        },
        cluster: { label: texts.tabs.cluster, content: <ClusterFactsTab cluster={cluster} /> },
      }}
    />
  );
}

/** One cluster: its VMs, nodes and storage. */
export function ClusterPage(): ReactElement {
  const { clusterId } = useParams({ from: '/clusters/$clusterId' });
  const cluster = useRow('cluster', clusterId);
  const gathering = useGathering();
  if (cluster) return <LoadedCluster key={cluster.id} cluster={cluster} />;
  return (
    <MissingPage
      isReading={gathering}
      title={texts.notFound}
      body={texts.notFoundBody}
      back={<AppLink to="/">{texts.back}</AppLink>}
    />
  );
}
