import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Host } from '@aether-v/types';
import { useMemo, type ReactElement } from 'react';
import { dropEmpty } from '../../address/drop-empty.ts';
import { NewVmButton } from '../../actions/new-vm-button.tsx';
import { AppLink } from '../../components/app-link.tsx';
import { formatCount } from '../../components/format.ts';
import { Message } from '../../components/message.tsx';
import { MissingPage } from '../../components/missing-page.tsx';
import { ObjectPage } from '../../components/object-page.tsx';
import { connectionViews } from '../../components/states.text.ts';
import { Status } from '../../components/status.tsx';
import { useInterest, useRow } from '../../fleet/fleet-context.ts';
import { useGathering } from '../../fleet/use-gathering.ts';
import { activityTexts } from '../../job-table/activity.text.ts';
import { Activity } from '../../job-table/activity.tsx';
import { VmList } from '../../vm-list/vm-list.tsx';
import { HostFactsTab } from './host-facts.tsx';
import { HostNotice } from './host-notice.tsx';
import { hostTexts as texts } from './host.text.ts';
import { TestConnection } from './test-connection.tsx';

const noVms: readonly string[] = [];

function LoadedHost({ host }: { readonly host: Host }): ReactElement {
  const search = useSearch({ from: '/hosts/$hostId' });
  const navigate = useNavigate({ from: '/hosts/$hostId' });
  useInterest(
    noVms,
    useMemo(() => [host.id], [host.id]),
  );
  const vms = host.facts ? `${texts.tabs.vms} (${formatCount(host.vmCount)})` : texts.tabs.vms;
  return (
    <ObjectPage
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
      actions={
        <>
          <TestConnection host={host} />
          <NewVmButton at={{ host: host.id }} />
        </>
      }
      notices={<HostNotice host={host} />}
      tab={search.tab}
      onTab={(next) => void navigate({ search: next, replace: true })}
      tabs={{
        vms: {
          label: vms,
          scrolls: false,
          content: (
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
          ),
        },
        activity: {
          label: activityTexts.tab,
          scrolls: false,
          content: <Activity kind="host" id={host.id} />,
        },
        host: { label: texts.tabs.host, content: <HostFactsTab host={host} /> },
      }}
    />
  );
}

/** One host: its VMs, its facts, and the reason if it is unreachable. */
export function HostPage(): ReactElement {
  const { hostId } = useParams({ from: '/hosts/$hostId' });
  const host = useRow('host', hostId);
  const gathering = useGathering();
  if (host) return <LoadedHost key={host.id} host={host} />;
  return (
    <MissingPage
      isReading={gathering}
      title={texts.notFound}
      body={texts.notFoundBody}
      back={<AppLink to="/">{texts.back}</AppLink>}
    />
  );
}
