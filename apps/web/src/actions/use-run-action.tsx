import { useAnnounce } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useToasts } from '../components/use-toasts.ts';
import { useFleet } from '../fleet/fleet-context.ts';
import type { OfferedCommand } from '../fleet/offered-commands.ts';
import { vmQuery } from '../fleet/queries.ts';
import { ActionToast, Explanation } from './action-toast.tsx';
import { actionTexts } from './actions.text.ts';
import { askFor, endText, findingText, whenEnded, type ActionSubject } from './run-action.ts';

/** The time in milliseconds that a VM's new row may take after its job succeeded, before it is requested. */
const truthWithinMs = 2000;

/** Commands that were sent and not answered yet; a second click means the same. */
const sending = new Set<string>();

/**
 * Runs a command and follows its job. Toasts only report what neither the row nor the dock shows: refusals, failures,
 * and findings.
 */
export function useRunAction(): (command: OfferedCommand, subject: ActionSubject) => Promise<void> {
  const fleet = useFleet();
  const queries = useQueryClient();
  const { dispatchToast, dismissToast } = useToasts();
  const { announce } = useAnnounce();
  return useCallback(
    async (command, { id, name }) => {
      // A second failure of one command replaces the first, and its success removes it.
      const toastId = `${command} ${id}`;
      if (sending.has(toastId)) return;
      sending.add(toastId);
      const asked = await askFor(fleet, command, id).finally(() => sending.delete(toastId));
      if (!asked.accepted) {
        dispatchToast(
          <ActionToast title={actionTexts.refused(command, name)} jobId={null}>
            <Explanation {...asked.text} detail={asked.detail} />
          </ActionToast>,
          { toastId, intent: 'error', timeout: -1 },
        );
        return;
      }
      const { job } = asked;
      dismissToast(toastId);
      announce(`${actionTexts.started[command]} ${name}`);
      const ended = await whenEnded(fleet, job.id);
      const title = actionTexts.ended(ended?.state ?? 'unknown', command, name);
      const text = endText(ended);
      // The person who cancelled it knows, and the dock shows it to the others.
      if (text && ended?.state !== 'cancelled') {
        const failed = ended?.state === 'failed';
        dispatchToast(
          <ActionToast title={title} jobId={ended && job.id}>
            <Explanation {...text} />
          </ActionToast>,
          { toastId, intent: failed ? 'error' : 'warning', timeout: failed ? -1 : 10_000 },
        );
        return;
      }
      const finding = findingText(ended);
      if (finding) {
        dispatchToast(
          <ActionToast title={title} jobId={job.id}>
            {finding}
          </ActionToast>,
          { toastId, intent: 'success' },
        );
      } else announce(title);
      setTimeout(() => {
        if (fleet.cache.pending.has(id)) void queries.query({ ...vmQuery(fleet, id), staleTime: 0 });
      }, truthWithinMs);
    },
    [announce, dismissToast, dispatchToast, fleet, queries],
  );
}
