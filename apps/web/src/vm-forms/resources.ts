import { getHostResources } from '@aether-v/api-client';
import type { HostResources } from '@aether-v/types';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { ask } from '../fleet/ask.ts';
import { formTexts } from './form.text.ts';

/** The time in milliseconds for which the resources of a host are shown without reading them again. */
const freshForMs = 30_000;

/** Reads the storage classes, networks, images and ISOs of a host. */
export function resourcesQuery(hostId: string) {
  return queryOptions({
    queryKey: ['host-resources', hostId],
    staleTime: freshForMs,
    queryFn: async ({ signal }): Promise<HostResources> =>
      (await ask((within) => getHostResources({ path: { hostId }, signal: within }), signal)).data,
  });
}

/** The resources of a host, as far as they have been read. */
export interface ReadResources {
  readonly resources: HostResources | null;
  readonly isReading: boolean;
  readonly error: Error | null;
}

/** Returns the resources of the host of a VM. */
export function useResources(hostId: string): ReadResources {
  const { data, error, isPending } = useQuery(resourcesQuery(hostId));
  return { resources: data ?? null, isReading: isPending, error };
}

/** Returns the reason why lists of resources are empty or may be old; undefined if they are complete. */
export function resourcesHint({ isReading, error }: ReadResources, hostName: string): string | undefined {
  if (isReading) return formTexts.reading(hostName);
  return error ? `${formTexts.unread(hostName)} ${error.message}` : undefined;
}
