import { useAnnounce } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { commands } from '@aether-v/types';
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

/** Returns whether the row of the subject shows that the command has begun, so that no toast is needed. */
function showsInRow(command: OfferedCommand): boolean {
  return commands[command].subject === 'vm' && commands[command].danger !== 'interrupts';
}

/** Runs a command and follows its job: reports what its row does not show, and all failures. */
export function useRunAction(): (command: OfferedCommand, subject: ActionSubject) => Promise<void> {
  const fleet = useFleet();
  const queries = useQueryClient();
  const { dispatchToast, dismissToast } = useToasts();
  const { announce } = useAnnounce();
  return useCallback(
    async (command, { id, name }) => {
      const asked = await askFor(fleet, command, id);
      if (!asked.accepted) {
        dispatchToast(
          <ActionToast title={actionTexts.refused(command, name)} jobId={null}>
            <Explanation {...asked.text} detail={asked.detail} />
          </ActionToast>,
          { intent: 'error', timeout: -1 },
        );
        return;
      }
      const { job } = asked;
      const started = `${actionTexts.started[command]} ${name}`;
      if (showsInRow(command)) announce(started);
      else {
        dispatchToast(<ActionToast title={started} jobId={job.id} />, { toastId: job.id, intent: 'info' });
      }
      const ended = await whenEnded(fleet, job.id);
      dismissToast(job.id);
      const title = actionTexts.ended(ended?.state ?? 'unknown', command, name);
      const text = endText(ended);
      if (text) {
        const failed = ended?.state === 'failed';
        dispatchToast(
          <ActionToast title={title} jobId={ended && job.id} link={actionTexts.showLog}>
            <Explanation {...text} />
          </ActionToast>,
          { intent: failed ? 'error' : 'warning', timeout: failed ? -1 : 10_000 },
        );
        return;
      }
      const finding = findingText(ended);
      if (finding) {
        dispatchToast(
          <ActionToast title={title} jobId={job.id}>
            {finding}
          </ActionToast>,
          { intent: 'success' },
        );
      } else announce(title);
      setTimeout(() => {
        if (fleet.cache.pending.has(id)) void queries.query({ ...vmQuery(fleet, id), staleTime: 0 });
      }, truthWithinMs);
    },
    [announce, dismissToast, dispatchToast, fleet, queries],
  );
}
