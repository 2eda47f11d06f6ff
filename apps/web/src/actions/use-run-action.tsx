import {
  Link,
  Toast,
  ToastBody,
  ToastFooter,
  ToastTitle,
  ToastTrigger,
  useAnnounce,
} from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { commands, type VmSummary } from '@aether-v/types';
import { useCallback, type ReactElement, type ReactNode } from 'react';
import { AppLink } from '../components/app-link.tsx';
import { useToasts } from '../components/use-toasts.ts';
import { useFleet } from '../fleet/fleet-context.ts';
import { vmQuery } from '../fleet/queries.ts';
import type { OfferedCommand } from '../fleet/vm-commands.ts';
import { actionTexts } from './actions.text.ts';
import { askFor, endText, whenEnded } from './run-action.ts';

/** The time in milliseconds that a VM's new row may take after its job succeeded, before it is requested. */
const truthWithinMs = 2000;

function ActionToast({
  title,
  children,
  jobId,
  link,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly jobId: string | null;
  readonly link: string;
}): ReactElement {
  return (
    <Toast>
      <ToastTitle
        action={
          <ToastTrigger>
            <Link as="button">{actionTexts.dismiss}</Link>
          </ToastTrigger>
        }
      >
        {title}
      </ToastTitle>
      {children && <ToastBody>{children}</ToastBody>}
      {jobId && (
        <ToastFooter>
          <AppLink to="/jobs/$jobId" params={{ jobId }}>
            {link}
          </AppLink>
        </ToastFooter>
      )}
    </Toast>
  );
}

function Explanation({
  detail,
  what,
  todo,
}: {
  readonly detail: string | null;
  readonly what: string;
  readonly todo: string;
}): ReactElement {
  return (
    <>
      <div>{what}</div>
      {detail && <div>{detail}</div>}
      <div>{todo}</div>
    </>
  );
}

/** Runs a command and follows its job: reports what its row does not show, and all failures. */
export function useRunAction(): (command: OfferedCommand, vm: VmSummary) => Promise<void> {
  const fleet = useFleet();
  const queries = useQueryClient();
  const { dispatchToast } = useToasts();
  const { announce } = useAnnounce();
  return useCallback(
    async (command, vm) => {
      const asked = await askFor(fleet, command, vm);
      if (!asked.accepted) {
        dispatchToast(
          <ActionToast title={actionTexts.refused(command, vm.name)} jobId={null} link="">
            <Explanation {...asked.text} detail={asked.detail} />
          </ActionToast>,
          { intent: 'error', timeout: -1 },
        );
        return;
      }
      const { job } = asked;
      const started = `${actionTexts.started[command]} ${vm.name}`;
      if (commands[command].danger !== 'interrupts') announce(started);
      else {
        dispatchToast(<ActionToast title={started} jobId={job.id} link={actionTexts.showJob} />, {
          intent: 'info',
        });
      }
      const ended = await whenEnded(fleet, job.id);
      const text = endText(ended);
      if (!text) {
        announce(actionTexts.ended('succeeded', command, vm.name));
        setTimeout(() => {
          if (fleet.cache.pending.has(vm.id)) void queries.query({ ...vmQuery(fleet, vm.id), staleTime: 0 });
        }, truthWithinMs);
        return;
      }
      const failed = ended?.state === 'failed';
      dispatchToast(
        <ActionToast
          title={actionTexts.ended(ended?.state ?? 'unknown', command, vm.name)}
          jobId={ended && job.id}
          link={actionTexts.showLog}
        >
          <Explanation {...text} />
        </ActionToast>,
        {
          intent: failed ? 'error' : 'warning',
          timeout: failed ? -1 : 10_000,
        },
      );
    },
    [announce, dispatchToast, fleet, queries],
  );
}
