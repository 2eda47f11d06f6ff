import { Button, useAnnounce } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import type { BulkAccepted, Job, VmSummary } from '@aether-v/types';
import { useCallback, useMemo } from 'react';
import { ActionToast, Explanation } from '../actions/action-toast.tsx';
import { whenEnded } from '../actions/run-action.ts';
import { errorTexts, unreachableText } from '../components/error.text.ts';
import { useToasts } from '../components/use-toasts.ts';
import { rowsOf } from '../fleet/cache.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { useFleet } from '../fleet/fleet-context.ts';
import { jobRequests } from '../fleet/job-requests.ts';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';
import { ApiProblem } from '../fleet/problem.ts';
import { childJobsQuery } from '../fleet/queries.ts';
import type { OfferedBulkCommand } from './offered-bulk-commands.ts';
import { bulkTexts as texts } from './bulk.text.ts';

/** Returns the VMs of a parent's children that did not succeed. */
function failedVms(fleet: Fleet, parentId: string): readonly string[] {
  return rowsOf(fleet.cache, 'job').flatMap(({ parentId: of, state, subject }) =>
    of === parentId && state !== 'succeeded' && subject.kind === 'vm' && subject.id !== null
      ? [subject.id]
      : [],
  );
}

/** Commands for several VMs. */
export interface Bulk {
  /** Sends a command without options, and follows its job. */
  readonly run: (command: OfferedVmCommand, vms: readonly VmSummary[]) => Promise<void>;
  /** Waits for the end of an accepted request, and reports its result. */
  readonly follow: (command: OfferedBulkCommand, accepted: BulkAccepted, count: number) => Promise<void>;
}

/** Runs a command on several VMs as one job, and reports its result in one toast. */
export function useBulk(select: (vmIds: readonly string[]) => void): Bulk {
  const fleet = useFleet();
  const queries = useQueryClient();
  const { dispatchToast, dismissToast } = useToasts();
  const { announce } = useAnnounce();
  const follow = useCallback<Bulk['follow']>(
    async (command, { job, refused }, count) => {
      const toastId = `bulk ${command}`;
      const report = (
        title: string,
        intent: 'error' | 'success',
        job: Job | null,
        failed: readonly string[],
      ): void =>
        dispatchToast(
          <ActionToast title={title} jobId={job && job.id}>
            {failed.length > 0 && (
              <Button
                size="small"
                onClick={() => {
                  select(failed);
                  dismissToast(toastId);
                }}
              >
                {texts.selectFailed}
              </Button>
            )}
          </ActionToast>,
          { toastId, intent, timeout: failed.length > 0 ? -1 : 8_000 },
        );
      announce(texts.started(command, count));
      const ended = await whenEnded(fleet, job.id);
      await queries.query({ ...childJobsQuery(fleet, job.id), staleTime: 0 }).catch(() => undefined);
      const failed = [...failedVms(fleet, job.id), ...refused.map(({ vmId }) => vmId)];
      const children = ended?.children ?? {
        total: count,
        succeeded: 0,
        failed: failed.length,
        cancelled: 0,
      };
      const title = [texts.ended(command, children), refused.length > 0 && texts.refusedVms(refused.length)]
        .filter(Boolean)
        .join(', ');
      report(title, failed.length > 0 ? 'error' : 'success', job, failed);
    },
    [announce, dismissToast, dispatchToast, fleet, queries, select],
  );
  const run = useCallback<Bulk['run']>(
    async (command, vms) => {
      try {
        const body = { command, vms: vms.map(({ id }) => ({ vmId: id })) };
        const accepted = await jobRequests.bulk(body);
        fleet.accepted(accepted.job);
        await follow(command, accepted, vms.length);
      } catch (error) {
        const text = error instanceof ApiProblem ? errorTexts[error.code] : unreachableText;
        dispatchToast(
          <ActionToast title={texts.refused(command)} jobId={null}>
            <Explanation {...text} detail={error instanceof ApiProblem ? error.message : null} />
          </ActionToast>,
          { toastId: `bulk ${command}`, intent: 'error', timeout: -1 },
        );
      }
    },
    [dispatchToast, fleet, follow],
  );
  return useMemo(() => ({ run, follow }), [run, follow]);
}
