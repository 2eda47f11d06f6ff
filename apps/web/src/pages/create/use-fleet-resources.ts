import { useQueries } from '@tanstack/react-query';
import type { Cluster, Host } from '@aether-v/types';
import { resourcesQuery } from '../../vm-forms/resources.ts';
import type { Place } from './create-input.ts';
import { createTexts as texts } from './create.text.ts';
import {
  hostsOf,
  maxReadHosts,
  sourceHints,
  uniteResources,
  type OfferedResources,
} from './fleet-resources.ts';

/** The resources of the hosts of a place, and why they may be incomplete. */
export interface FleetResources extends OfferedResources {
  readonly isReading: boolean;
  /** Explains why lists may be incomplete; undefined if they are complete. */
  readonly hint: string | undefined;
}

/** Reads the resources of the hosts of a place. */
export function useFleetResources(
  place: Place,
  hosts: readonly Host[],
  clusters: readonly Cluster[],
): FleetResources {
  const all = hostsOf(place, hosts, clusters);
  const connected = all.filter(({ connection }) => connection.state === 'connected');
  const read = connected.slice(0, maxReadHosts);
  return useQueries({
    queries: read.map(({ id }) => resourcesQuery(id)),
    combine: (results) => {
      const isReading = results.some(({ isPending }) => isPending);
      const failed = read.filter((_, at) => results[at]?.error).map(({ name }) => name);
      const hint = [
        isReading && texts.reading,
        failed.length > 0 && texts.unread(failed.join(', ')),
        ...(isReading ? [] : sourceHints(read.length, connected.length, all.length)),
      ].filter((line) => line !== false);
      return {
        ...uniteResources(results.flatMap(({ data }) => data ?? [])),
        isReading,
        hint: hint.length === 0 ? undefined : hint.join(' '),
      };
    },
  });
}
