import { useAnnounce } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Job } from '@aether-v/types';
import { ActionToast, Explanation } from '../actions/action-toast.tsx';
import { errorTexts, unreachableText } from '../components/error.text.ts';
import { useToasts } from '../components/use-toasts.ts';
import { useFleet } from '../fleet/fleet-context.ts';
import { jobRequests } from '../fleet/job-requests.ts';
import { keys } from '../fleet/live-lists.ts';
import { ApiProblem } from '../fleet/problem.ts';
import { jobTableTexts as texts } from './job-table.text.ts';

/** Returns functions that retry and acknowledge a job; what goes wrong is reported in a toast. */
export function useJobActions(job: Job): {
  readonly retry: () => void;
  readonly acknowledge: () => void;
  readonly isBusy: boolean;
} {
  const fleet = useFleet();
  const queries = useQueryClient();
  const { announce } = useAnnounce();
  const { dispatchToast } = useToasts();
  const failed = (title: string, error: Error): void => {
    const text = error instanceof ApiProblem ? errorTexts[error.code] : unreachableText;
    dispatchToast(
      <ActionToast title={title} jobId={null}>
        <Explanation {...text} detail={error instanceof ApiProblem ? error.message : null} />
      </ActionToast>,
      { toastId: title, intent: 'error', timeout: -1 },
    );
  };
  const retry = useMutation({
    networkMode: 'always',
    mutationFn: () => jobRequests.retry(job.id),
    onSuccess({ job: next, refused }) {
      fleet.accepted(next);
      const left = refused.map(({ name, vmId }) => name ?? vmId).join(', ');
      announce([texts.retried(job.title), left && texts.leftOut(left)].filter(Boolean).join(' '));
    },
    onError: (error) => failed(texts.retryRefused(job.title), error),
  });
  const acknowledge = useMutation({
    networkMode: 'always',
    mutationFn: () => jobRequests.acknowledge(job.id),
    onSuccess() {
      announce(texts.acknowledgedOne(job.title));
      void queries.invalidateQueries({ queryKey: keys.filteredJobs });
    },
    onError: (error) => failed(texts.acknowledgeFailed(job.title), error),
  });
  return {
    retry: () => retry.mutate(),
    acknowledge: () => acknowledge.mutate(),
    isBusy: retry.isPending || acknowledge.isPending,
  };
}
