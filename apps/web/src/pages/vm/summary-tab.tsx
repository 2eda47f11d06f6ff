import type { Vm } from '@aether-v/types';
import type { ReactElement } from 'react';
import { AppLink } from '../../components/app-link.tsx';
import { Column, Columns } from '../../components/columns.tsx';
import { Facts, type Fact } from '../../components/facts.tsx';
import { formatBytes, formatPercent } from '../../components/format.ts';
import { Section } from '../../components/section.tsx';
import { activityWords } from '../../components/states.text.ts';
import { Ago } from '../../components/time.tsx';
import { VmAddress, VmUptime } from '../../components/vm-table/vm-cells.tsx';
import { VmStatus } from '../../components/vm-status.tsx';
import { UsageSection } from './usage-section.tsx';
import { healthWords, heartbeatWords, replicationWords, vmTexts as texts } from './vm.text.ts';

function activity(vm: Vm): Fact[] {
  if (!vm.activity) return [];
  const word = activityWords[vm.activity.kind];
  const { percent } = vm.activity;
  return [['Activity', percent === null ? word : texts.percentDone(word, formatPercent(percent))]];
}

function GuestSection({ vm }: { readonly vm: Vm }): ReactElement {
  const { guest } = vm;
  const facts: Fact[] = guest
    ? [
        ['System', guest.osName ?? texts.noGuest],
        ...(guest.osVersion === null ? [] : [['Version', guest.osVersion] as const]),
        ...(guest.hostname === null ? [] : [['Host name', guest.hostname] as const]),
        ['Heartbeat', heartbeatWords[vm.heartbeat]],
      ]
    : [];
  return <Section title={texts.sections.guest}>{guest ? <Facts facts={facts} /> : texts.noGuest}</Section>;
}

/** What one wants to know first. */
export function SummaryTab({ vm }: { readonly vm: Vm }): ReactElement {
  return (
    <Columns>
      <Section title={texts.sections.machine}>
        <Facts
          facts={[
            ['State', <VmStatus key="state" vm={vm} />],
            ...activity(vm),
            ['Health', healthWords[vm.health]],
            [
              'Host',
              <AppLink key="host" to="/hosts/$hostId" params={{ hostId: vm.hostId }}>
                {vm.hostName}
              </AppLink>,
            ],
            ...(vm.clusterId === null
              ? []
              : [
                  [
                    'Cluster',
                    <AppLink key="cluster" to="/clusters/$clusterId" params={{ clusterId: vm.clusterId }}>
                      {vm.clusterName}
                    </AppLink>,
                  ] as const,
                ]),
            ['Uptime', <VmUptime key="uptime" vm={vm} />],
            ['IP address', <VmAddress key="ip" vm={vm} />],
            ['Processors', vm.processors],
            ['Startup memory', formatBytes(vm.memory.startup)],
            ['Generation', vm.generation],
            ['Replication', replicationWords[vm.replication]],
            ['Created', <Ago key="created" moment={vm.createdAt} />],
          ]}
        />
      </Section>
      <Column>
        <UsageSection vm={vm} />
        <GuestSection vm={vm} />
        <Section title={texts.sections.notes}>
          <span style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {vm.notes === '' ? texts.noNotes : vm.notes}
          </span>
        </Section>
      </Column>
    </Columns>
  );
}
