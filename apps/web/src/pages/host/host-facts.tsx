import type { Host } from '@aether-v/types';
import type { ReactElement } from 'react';
import { AppLink } from '../../components/app-link.tsx';
import { Columns } from '../../components/columns.tsx';
import { Facts, type Fact } from '../../components/facts.tsx';
import { formatBytes, formatCount, formatDuration, formatPercent } from '../../components/format.ts';
import { Section } from '../../components/section.tsx';
import { connectionViews, nodeStateViews } from '../../components/states.text.ts';
import { Status } from '../../components/status.tsx';
import { Ago, Since } from '../../components/time.tsx';
import { useHostUsage } from '../../fleet/fleet-context.ts';
import { hostTexts as texts, switchWords } from './host.text.ts';

function known(name: string, value: string | null): Fact[] {
  return value === null ? [] : [[name, value]];
}

function clockFacts({ clockOffsetMs }: Host): Fact[] {
  if (clockOffsetMs === null) return [];
  const offset = texts.clockOffset(formatDuration(Math.abs(clockOffsetMs)), clockOffsetMs > 0);
  return [[texts.clock, clockOffsetMs === 0 ? texts.clockInStep : offset]];
}

function connectionFacts(host: Host): Fact[] {
  const { state, since, error, watching } = host.connection;
  return [
    [texts.state, <Status key="state" view={connectionViews[state]} />],
    [texts.since, <Ago key="since" moment={since} />],
    ...(state === 'connected' ? [[texts.updates, watching ? texts.watching : texts.polling] as const] : []),
    [texts.address, host.address],
    ...clockFacts(host),
    ...known(texts.problem, error?.message ?? null),
    ...known(texts.remedy, error?.remedy ?? null),
  ];
}

function machineFacts(facts: NonNullable<Host['facts']>): Fact[] {
  return [
    ...known(texts.labels.name, facts.fqdn ?? facts.name),
    [texts.labels.system, facts.osName],
    [texts.labels.version, facts.osVersion],
    ...known(texts.labels.manufacturer, facts.manufacturer),
    ...known(texts.labels.model, facts.model),
    ...known(texts.labels.processor, facts.processorName),
    [texts.labels.logicalProcessors, formatCount(facts.logicalProcessors)],
    [texts.labels.memory, formatBytes(facts.memory)],
    ...(facts.bootedAt === null
      ? []
      : [[texts.labels.uptime, <Since key="uptime" moment={facts.bootedAt} />] as const]),
  ];
}

function UsageSection({ host }: { readonly host: Host }): ReactElement {
  const usage = useHostUsage(host.id);
  const memory = host.facts?.memory;
  if (host.stale || !usage || memory === undefined) {
    return (
      <Section title={texts.sections.usage}>{host.stale ? texts.usageUnreachable : texts.waiting}</Section>
    );
  }
  const { cpuPercent, memoryAvailable } = usage.latest;
  return (
    <Section title={texts.sections.usage}>
      <Facts
        facts={[
          [texts.cpu, formatPercent(cpuPercent)],
          [texts.memory, texts.available(formatBytes(memoryAvailable), formatBytes(memory))],
        ]}
      />
    </Section>
  );
}

/** The host's facts and the state of its connection. */
export function HostFactsTab({ host }: { readonly host: Host }): ReactElement {
  const { facts } = host;
  return (
    <Columns>
      <Section title={texts.sections.connection}>
        <Facts facts={connectionFacts(host)} />
      </Section>
      {!facts && <Section title={texts.sections.machine}>{texts.neverAnswered}</Section>}
      {facts && (
        <>
          <UsageSection host={host} />
          <Section title={texts.sections.machine}>
            <Facts facts={machineFacts(facts)} />
          </Section>
          <Section title={texts.sections.hyperv}>
            <Facts
              facts={[
                ...known(texts.labels.vmsAreKeptIn, facts.defaultVmPath),
                ...known(texts.labels.disksAreKeptIn, facts.defaultDiskPath),
                [texts.labels.agent, facts.agentVersion],
                ...(host.clusterId === null
                  ? []
                  : [
                      [
                        texts.labels.cluster,
                        <AppLink
                          key="cluster"
                          to="/clusters/$clusterId"
                          params={{ clusterId: host.clusterId }}
                        >
                          {host.clusterName}
                        </AppLink>,
                      ] as const,
                    ]),
                ...(facts.nodeState === null
                  ? []
                  : [[texts.node, <Status key="node" view={nodeStateViews[facts.nodeState]} />] as const]),
              ]}
            />
          </Section>
          <Section title={texts.sections.switches}>
            {facts.switches.length === 0 ? (
              texts.noSwitches
            ) : (
              <Facts facts={facts.switches.map(({ name, type }) => [name, switchWords[type]])} />
            )}
          </Section>
        </>
      )}
    </Columns>
  );
}
