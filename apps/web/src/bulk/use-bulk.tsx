import { Button, useAnnounce } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import type { BulkAccepted, Job, VmSummary } from '@aether-v/types';
import { useCallback, useMemo, useRef } from 'react';
import { ActionToast, Explanation } from '../actions/action-toast.tsx';
import { sendCommand, whenEnded } from '../actions/run-action.ts';
import { forgottenText } from '../components/error.text.ts';
import { useToasts } from '../components/use-toasts.ts';
import { rowsOf } from '../fleet/cache.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { useFleet } from '../fleet/fleet-context.ts';
import { jobRequests } from '../fleet/job-requests.ts';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';
import { childJobsQuery } from '../fleet/queries.ts';
import { keyFor, type RequestKey } from '../fleet/request-key.ts';
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

/** A repeated click after a lost response is the same request within this time; later it is a new one. */
const repeatWithinMs = 60_000;

interface SentRequest {
  readonly at: number;
  readonly request: RequestKey;
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
      if (ended === null) {
        dispatchToast(
          <ActionToast title={texts.forgotten(command)} jobId={null}>
            <Explanation {...forgottenText} detail={null} />
          </ActionToast>,
          { toastId, intent: 'warning', timeout: -1 },
        );
        return;
      }
      await queries.query({ ...childJobsQuery(fleet, job.id), staleTime: 0 }).catch(() => undefined);
      const failed = [...failedVms(fleet, job.id), ...refused.map(({ vmId }) => vmId)];
      const children = ended.children ?? {
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
  const last = useRef<SentRequest | null>(null);
  const run = useCallback<Bulk['run']>(
    async (command, vms) => {
      const body = { command, vms: vms.map(({ id }) => ({ vmId: id })) };
      const answers: BulkAccepted[] = [];
      const now = performance.now();
      const isRepeated = last.current !== null && now - last.current.at < repeatWithinMs;
      const request = keyFor(body, isRepeated ? (last.current?.request ?? null) : null);
      last.current = { at: now, request };
      const asked = await sendCommand(fleet, async () => {
        const answer = await jobRequests.bulk(body, request.key);
        answers.push(answer);
        return answer.job;
      });
      // Only a request without a response may have been accepted.
      if (asked.accepted || asked.problem) last.current = null;
      if (asked.accepted) {
        for (const answer of answers) await follow(command, answer, vms.length);
        return;
      }
      dispatchToast(
        <ActionToast title={asked.problem ? texts.refused(command) : texts.unanswered(command)} jobId={null}>
          <Explanation {...asked.text} detail={asked.detail} />
        </ActionToast>,
        { toastId: `bulk ${command}`, intent: 'error', timeout: -1 },
      );
    },
    [dispatchToast, fleet, follow],
  );
  return useMemo(() => ({ run, follow }), [run, follow]);
}
