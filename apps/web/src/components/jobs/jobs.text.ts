import type { JobChildren, JobStep } from '@aether-v/types';
import { formatCount } from '../format.ts';

export const jobTexts = {
  table: 'Jobs',
  cancel: (title: string) => `Cancel ${title}`,
  cancelShort: 'Cancel',
  cancelling: 'Cancelling…',
  cancelTooLate: 'It was too late to cancel the job.',
  cancelFailed: (title: string) => `${title} could not be cancelled`,
  step: ({ number, of }: JobStep) => `Step ${formatCount(number)} of ${formatCount(of)}`,
  children({ total, succeeded, failed, cancelled }: JobChildren): string {
    const others = [
      failed > 0 && `, ${formatCount(failed)} failed`,
      cancelled > 0 && `, ${formatCount(cancelled)} cancelled`,
    ];
    return [`${formatCount(succeeded)} of ${formatCount(total)} succeeded`, ...others]
      .filter(Boolean)
      .join('');
  },
  progress: (title: string) => `Progress of ${title}`,
  log: 'Log',
  levels: { info: '', warning: 'Warning: ', error: 'Error: ' },
  emptyLog: 'The log is empty.',
  none: 'No jobs yet',
  noneBody: 'Actions such as starting a virtual machine appear here as jobs, newest first.',
  failedTitle: 'The jobs could not be loaded',
};
