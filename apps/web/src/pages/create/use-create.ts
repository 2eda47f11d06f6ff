import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { resultOfJob, type CreateVmRequest } from '@aether-v/types';
import type { Fleet } from '../../fleet/fleet.ts';
import { rowsOf } from '../../fleet/cache.ts';
import { useFleet } from '../../fleet/fleet-context.ts';
import { vmQuery } from '../../fleet/queries.ts';
import { useFollowChange, useSending, type Sending } from '../../vm-forms/use-sending.ts';
import { sendCreation } from './create-api.ts';

/** The time in milliseconds that the row of a new VM may take after its job has ended. */
const rowWithinMs = 10_000;

/** Resolves with the id of the row of a VM once it has arrived; null if it has not in time. */
function whenListed(
  fleet: Fleet,
  queries: QueryClient,
  vmId: string,
  hostId: string | null,
): Promise<string | null> {
  return new Promise((resolve) => {
    let unsubscribe: () => void = () => undefined;
    const end = (id: string | null): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve(id);
    };
    const check = (): void => {
      const row = rowsOf(fleet.cache, 'vm').find((vm) => vm.vmId === vmId && vm.hostId === hostId);
      if (row) end(row.id);
    };
    const timer = setTimeout(() => end(null), rowWithinMs);
    unsubscribe = fleet.subscribe(check);
    check();
    // After a repeated request the VM may be older than this page: no event announces it.
    void queries.query({ ...vmQuery(fleet, vmId), staleTime: 0 }).then(check, () => undefined);
  });
}

/** The creation of a VM. */
export interface Creation extends Omit<Sending, 'send'> {
  /** Sends the request, opens the job, and the VM once it exists; resolves with true if it was accepted. */
  readonly create: (request: CreateVmRequest, key: string) => Promise<boolean>;
}

/** Creates VMs and opens their pages. */
export function useCreate(): Creation {
  const fleet = useFleet();
  const navigate = useNavigate();
  const router = useRouter();
  const queries = useQueryClient();
  const follow = useFollowChange();
  const { send, isSending, refused } = useSending();
  return {
    isSending,
    refused,
    async create(request, key) {
      const job = await send(() => sendCreation(request, key));
      if (!job) return false;
      await navigate({ to: '/jobs/$jobId', params: { jobId: job.id } });
      void follow(job).then(async (ended) => {
        const result = ended && resultOfJob(ended, 'vm.create');
        if (!result) return;
        const id = await whenListed(fleet, queries, result.vm.vmId, ended.hostId);
        // A user who has opened another page in the meantime stays there.
        if (id !== null && router.state.location.pathname === `/jobs/${job.id}`)
          await navigate({ to: '/vms/$vmId', params: { vmId: id }, replace: true });
      });
      return true;
    },
  };
}
