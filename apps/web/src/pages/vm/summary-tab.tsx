import { vmActivityRules, type Vm } from '@aether-v/types';
import type { ReactElement } from 'react';
import { AppLink } from '../../components/app-link.tsx';
import { Column, Columns } from '../../components/columns.tsx';
import { Facts, type Fact } from '../../components/facts.tsx';
import { formatBytes, formatPercent, sentenceCase } from '../../components/format.ts';
import { Section } from '../../components/section.tsx';
import { Ago } from '../../components/time.tsx';
import { VmStatus } from '../../components/vm-status.tsx';
import { VmAddress, VmUptime } from '../../vm-table/vm-cells.tsx';
import { UsageSection } from './usage-section.tsx';
import { healthWords, heartbeatWords, replicationWords, vmTexts as texts } from '../../components/vm.text.ts';

function activity(vm: Vm): Fact[] {
  if (!vm.activity) return [];
  const word = sentenceCase(vmActivityRules[vm.activity.kind].words);
  const { percent } = vm.activity;
  return [[texts.labels.activity, percent === null ? word : texts.percentDone(word, formatPercent(percent))]];
}

function GuestSection({ vm }: { readonly vm: Vm }): ReactElement {
  const { guest } = vm;
  const facts: Fact[] = guest
    ? [
        [texts.labels.system, guest.osName ?? texts.noGuest],
        ...(guest.osVersion === null ? [] : [[texts.labels.version, guest.osVersion] as const]),
        ...(guest.hostname === null ? [] : [[texts.labels.hostName, guest.hostname] as const]),
        [texts.labels.heartbeat, heartbeatWords[vm.heartbeat]],
      ]
    : [];
  return <Section title={texts.sections.guest}>{guest ? <Facts facts={facts} /> : texts.noGuest}</Section>;
}

/** The most important facts about the VM. */
export function SummaryTab({ vm }: { readonly vm: Vm }): ReactElement {
  return (
    <Columns>
      <Section title={texts.sections.machine}>
        <Facts
          facts={[
            [texts.labels.state, <VmStatus key="state" vm={vm} />],
            ...activity(vm),
            [texts.labels.health, healthWords[vm.health]],
            [
              texts.labels.host,
              <AppLink key="host" to="/hosts/$hostId" params={{ hostId: vm.hostId }}>
                {vm.hostName}
              </AppLink>,
            ],
            ...(vm.clusterId === null
              ? []
              : [
                  [
                    texts.labels.cluster,
                    <AppLink key="cluster" to="/clusters/$clusterId" params={{ clusterId: vm.clusterId }}>
                      {vm.clusterName}
                    </AppLink>,
                  ] as const,
                ]),
            [texts.labels.uptime, <VmUptime key="uptime" vm={vm} />],
            [texts.labels.ipAddress, <VmAddress key="ip" vm={vm} />],
            [texts.labels.processors, vm.processors || texts.notReported],
            [
              texts.labels.startupMemory,
              vm.memory.startup === 0 ? texts.notReported : formatBytes(vm.memory.startup),
            ],
            [texts.labels.generation, vm.generation ?? texts.notReported],
            [
              texts.labels.replication,
              vm.replication === null ? texts.notReported : replicationWords[vm.replication],
            ],
            [
              texts.labels.created,
              vm.createdAt === null ? texts.notReported : <Ago key="created" moment={vm.createdAt} />,
            ],
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
