import { Tab, TabList } from '@fluentui/react-components';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Host } from '@aether-v/types';
import { useMemo, type ReactElement } from 'react';
import { dropEmpty } from '../../app/drop-empty.ts';
import { ShellSkeleton } from '../../app/shell-skeleton.tsx';
import { AppLink } from '../../components/app-link.tsx';
import { Message } from '../../components/message.tsx';
import { Page } from '../../components/page.tsx';
import { connectionViews } from '../../components/states.text.ts';
import { Status } from '../../components/status.tsx';
import { useTabRowStyles } from '../../components/tab-row.styles.ts';
import { VmList } from '../../components/vm-list/vm-list.tsx';
import { useInterest, useRow } from '../../fleet/fleet-context.ts';
import { useGathering } from '../../fleet/use-gathering.ts';
import { HostFactsTab } from './host-facts.tsx';
import { HostNotice } from './host-notice.tsx';
import { hostTexts as texts } from './host.text.ts';

const noVms: readonly string[] = [];

function LoadedHost({ host }: { readonly host: Host }): ReactElement {
  const styles = useTabRowStyles();
  const search = useSearch({ from: '/hosts/$hostId' });
  const navigate = useNavigate({ from: '/hosts/$hostId' });
  const tab = search.tab === 'host' ? 'host' : 'vms';
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
      <div style={tab === 'vms' ? { display: 'flex', flexDirection: 'column', height: '100%' } : undefined}>
        <HostNotice host={host} />
        <TabList
          className={styles.root}
          selectedValue={tab}
          onTabSelect={(_, { value }) =>
            void navigate({ search: value === 'vms' ? {} : { tab: String(value) }, replace: true })
          }
        >
          <Tab value="vms">{host.facts ? `${texts.tabs.vms} (${host.vmCount})` : texts.tabs.vms}</Tab>
          <Tab value="host">{texts.tabs.host}</Tab>
        </TabList>
        {tab === 'host' ? (
          <HostFactsTab host={host} />
        ) : (
          <div style={{ flexGrow: 1, minHeight: 0 }}>
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
          </div>
        )}
      </div>
    </Page>
  );
}

/** One host: its VMs, what it is, and what is wrong when it is away. */
export function HostPage(): ReactElement {
  const { hostId } = useParams({ from: '/hosts/$hostId' });
  const host = useRow('host', hostId);
  const gathering = useGathering();
  if (host) return <LoadedHost key={host.id} host={host} />;
  if (gathering) return <ShellSkeleton />;
  return (
    <Message title={texts.notFound} action={<AppLink to="/">{texts.back}</AppLink>}>
      {texts.notFoundBody}
    </Message>
  );
}
