import { commands } from '@aether-v/types';
import { useCallback } from 'react';
import { useToasts } from '../components/use-toasts.ts';
import { useFleet } from '../fleet/fleet-context.ts';
import type { OfferedCommand } from '../fleet/offered-commands.ts';
import { ActionToast, Explanation } from './action-toast.tsx';
import { actionTexts } from './actions.text.ts';
import { askFor, type ActionSubject } from './run-action.ts';
import { useFollowJob } from './use-follow-job.tsx';

/** Commands that were sent and not answered yet; a second click means the same. */
const sending = new Set<string>();

/** Runs a command without options and follows its job; a refusal is reported in a toast. */
export function useRunAction(): (command: OfferedCommand, subject: ActionSubject) => Promise<void> {
  const fleet = useFleet();
  const { dispatchToast } = useToasts();
  const follow = useFollowJob();
  return useCallback(
    async (command, { id, name }) => {
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
      await follow(asked.job, {
        toastId,
        started: `${actionTexts.started[command]} ${name}`,
        title: `${commands[command].title} ${name}`,
      });
    },
    [dispatchToast, fleet, follow],
  );
}
