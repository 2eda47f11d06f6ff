import { Button, Toast, ToastBody, ToastTitle } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { commands, isCommandName, type Job } from '@aether-v/types';
import type { ReactElement } from 'react';
import { api } from '../../fleet/api.ts';
import { ApiProblem } from '../../fleet/problem.ts';
import { useWhyNot } from '../../session/session-context.ts';
import { unreachableText, errorTexts } from '../error.text.ts';
import { useToasts } from '../use-toasts.ts';
import { jobTexts } from './jobs.text.ts';

/** Cancels a job that can still be canceled; renders nothing for other jobs. */
export function CancelButton({
  job,
  tabIndex,
}: {
  readonly job: Job;
  readonly tabIndex?: number;
}): ReactElement | null {
  const { dispatchToast } = useToasts();
  const cancel = useMutation({
    networkMode: 'always',
    mutationFn: () => api.cancelJob(job.id),
    onError(error) {
      const text = error instanceof ApiProblem ? errorTexts[error.code] : unreachableText;
      dispatchToast(
        <Toast>
          <ToastTitle>{jobTexts.cancelFailed(job.title)}</ToastTitle>
          <ToastBody>{`${text.what} ${text.todo}`}</ToastBody>
        </Toast>,
        { intent: 'error', timeout: 10_000 },
      );
    },
  });
  const whyNot = useWhyNot();
  if (!job.cancellable) return null;
  // As the service decides it: cancelling requires the permission of the job's command.
  const permission = isCommandName(job.command) ? commands[job.command].permission : 'host';
  const reason = whyNot(permission) ?? undefined;
  const asked = job.cancelRequested || cancel.isPending;
  return (
    <Button
      size="small"
      appearance="subtle"
      {...(tabIndex !== undefined && { tabIndex })}
      aria-label={jobTexts.cancel(job.title)}
      aria-description={reason}
      title={reason}
      disabledFocusable={asked || reason !== undefined}
      onClick={() => cancel.mutate()}
    >
      {asked ? jobTexts.cancelling : jobTexts.cancelShort}
    </Button>
  );
}
