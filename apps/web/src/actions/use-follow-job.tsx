import { useAnnounce } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import type { Job } from '@aether-v/types';
import { useCallback } from 'react';
import { useToasts } from '../components/use-toasts.ts';
import { useFleet } from '../fleet/fleet-context.ts';
import { vmQuery } from '../fleet/queries.ts';
import { ActionToast, Explanation } from './action-toast.tsx';
import { actionTexts } from './actions.text.ts';
import { endText, findingText, whenEnded } from './run-action.ts';

/** The time in milliseconds that a VM's new row may take after its job succeeded, before it is requested. */
const truthWithinMs = 2000;

/** The words about a job that was just accepted. */
export interface Follow {
  /** The id of its toasts: a second failure of one command replaces the first, and its success removes it. */
  readonly toastId: string;
  /** Its beginning: `Starting APP-01`. */
  readonly started: string;
  /** Its title, which is followed by its result. */
  readonly title: string;
}

/**
 * Follows an accepted job to its end. Toasts only report what neither the row nor the dock shows: failures and findings.
 * Resolves with the ended job; null if the service no longer knows it.
 */
export function useFollowJob(): (job: Job, follow: Follow) => Promise<Job | null> {
  const fleet = useFleet();
  const queries = useQueryClient();
  const { dispatchToast, dismissToast } = useToasts();
  const { announce } = useAnnounce();
  return useCallback(
    async (job, { toastId, started, title }) => {
      dismissToast(toastId);
      announce(started);
      const ended = await whenEnded(fleet, job.id);
      const result = actionTexts.ended(ended?.state ?? 'unknown', title);
      const text = endText(ended);
      // The person who cancelled it knows, and the dock shows it to the others.
      if (text && ended?.state !== 'cancelled') {
        const failed = ended?.state === 'failed';
        dispatchToast(
          <ActionToast title={result} jobId={ended && job.id}>
            <Explanation {...text} />
          </ActionToast>,
          { toastId, intent: failed ? 'error' : 'warning', timeout: failed ? -1 : 10_000 },
        );
        return ended;
      }
      const finding = findingText(ended);
      if (finding) {
        dispatchToast(
          <ActionToast title={result} jobId={job.id}>
            {finding}
          </ActionToast>,
          { toastId, intent: 'success' },
        );
      } else announce(result);
      const { id } = job.subject;
      setTimeout(() => {
        if (id !== null && fleet.cache.pending.has(id))
          void queries.query({ ...vmQuery(fleet, id), staleTime: 0 });
      }, truthWithinMs);
      return ended;
    },
    [announce, dismissToast, dispatchToast, fleet, queries],
  );
}
