import { listCheckpoints } from '@aether-v/api-client';
import { queryOptions } from '@tanstack/react-query';
import { ask } from '../fleet/ask.ts';
import { keys } from '../fleet/live-lists.ts';

/** Reads the sizes in bytes of the checkpoints of a VM, by id. Read again whenever the stream reports a change. */
export function checkpointSizesQuery(vmId: string) {
  return queryOptions({
    queryKey: [...keys.vm(vmId), 'checkpoints'],
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, number | null>> => {
      const { data } = await ask((within) => listCheckpoints({ path: { vmId }, signal: within }), signal);
      return new Map(data.items.map(({ id, size }) => [id, size]));
    },
  });
}
