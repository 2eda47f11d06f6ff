import type { Cluster } from '@aether-v/types';
import type { ReactElement } from 'react';
import { AppLink } from '../../components/app-link.tsx';
import { Facts } from '../../components/facts.tsx';
import { Section } from '../../components/section.tsx';
import { SimpleTable } from '../../components/simple-table.tsx';
import { Stack } from '../../components/stack.tsx';
import { nodeStateViews } from '../../components/states.text.ts';
import { Status } from '../../components/status.tsx';
import { VolumeBar } from '../../components/volume-bar.tsx';
import { useRow } from '../../fleet/fleet-context.ts';
import { clusterTexts as texts } from './cluster.text.ts';

/** The name of a node, as a link if the service reads its host. */
function NodeName({ name, hostId }: { readonly name: string; readonly hostId: string }): ReactElement {
  const host = useRow('host', hostId);
  return host ? (
    <AppLink to="/hosts/$hostId" params={{ hostId }}>
      {host.name}
    </AppLink>
  ) : (
    <>{name}</>
  );
}

/** The cluster's nodes and its storage. */
export function ClusterFactsTab({ cluster }: { readonly cluster: Cluster }): ReactElement {
  return (
    <Stack>
      <Section title={texts.nodes}>
        <SimpleTable
          label={texts.nodes}
          columns={[texts.labels.node, texts.labels.state]}
          rows={cluster.nodes.map(({ name, hostId, state }) => ({
            key: hostId,
            cells: [
              <NodeName key="name" name={name} hostId={hostId} />,
              <Status key="state" view={nodeStateViews[state]} />,
            ],
          }))}
        />
      </Section>
      <Section title={texts.volumes}>
        {cluster.sharedVolumes.length === 0 ? (
          texts.noVolumes
        ) : (
          <SimpleTable
            label={texts.volumes}
            columns={[texts.labels.volume, texts.labels.path, texts.labels.space]}
            rows={cluster.sharedVolumes.map(({ name, path, size, free }) => ({
              key: path,
              cells: [
                name,
                path,
                <VolumeBar key="space" label={texts.used(name)} size={size} free={free} words={texts.free} />,
              ],
            }))}
          />
        )}
      </Section>
      <Section title={texts.cluster}>
        <Facts
          facts={[
            [texts.labels.name, cluster.fqdn ?? cluster.name],
            ...(cluster.functionalLevel === null
              ? []
              : [[texts.labels.functionalLevel, cluster.functionalLevel] as const]),
          ]}
        />
      </Section>
    </Stack>
  );
}
