import type { Job } from '@aether-v/types';
import { useCallback } from 'react';
import { ActionToast, Explanation } from '../actions/action-toast.tsx';
import { sendCommand } from '../actions/run-action.ts';
import { useToasts } from '../components/use-toasts.ts';
import { useFleet } from '../fleet/fleet-context.ts';
import { keyFor } from '../fleet/request-key.ts';
import { sendChange, type VmChange } from './changes.ts';
import { useFollowChange } from './use-sending.ts';

/**
 * Returns a function that follows a job and, once it has succeeded, sends a change. `notDone` is reported if the change
 * was not made. The page may be left in the meantime, but not the console.
 */
export function useThenSend(): (job: Job, next: VmChange, notDone: string) => Promise<void> {
  const fleet = useFleet();
  const follow = useFollowChange();
  const { dispatchToast } = useToasts();
  return useCallback(
    async (job, next, notDone) => {
      const ended = await follow(job);
      if (ended?.state !== 'succeeded') {
        dispatchToast(<ActionToast title={notDone} jobId={null} />, { intent: 'warning', timeout: -1 });
        return;
      }
      const asked = await sendCommand(fleet, () => sendChange(next, keyFor(next, null).key));
      if (asked.accepted) await follow(asked.job);
      else
        dispatchToast(
          <ActionToast title={notDone} jobId={null}>
            <Explanation {...asked.text} detail={asked.detail} />
          </ActionToast>,
          { intent: 'error', timeout: -1 },
        );
    },
    [dispatchToast, fleet, follow],
  );
}
