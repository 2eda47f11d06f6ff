import { getVm } from '@aether-v/api-client';
import type { Vm } from '@aether-v/types';
import { queryOptions } from '@tanstack/react-query';
import { ask } from '../fleet/ask.ts';
import { keys } from '../fleet/live-lists.ts';

/** A VM as read for editing. */
export interface EditedVm {
  readonly vm: Vm;
  /** The digest of its settings, which a change names; null if the service sends none. */
  readonly etag: string | null;
}

/** Reads a VM with the digest of its settings. Read again whenever the stream reports a change of the VM. */
export function editedVmQuery(vmId: string) {
  return queryOptions({
    queryKey: [...keys.vm(vmId), 'edited'],
    queryFn: async ({ signal }): Promise<EditedVm> => {
      const { data, response } = await ask(
        (within) => getVm({ path: { vmId }, signal: within, cache: 'no-store' }),
        signal,
      );
      const etag = response.headers.get('etag');
      // A weak tag identifies an answer, not the settings.
      return { vm: data, etag: etag?.startsWith('"') ? etag : null };
    },
    staleTime: 0,
  });
}
