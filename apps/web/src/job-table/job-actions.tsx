import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import { CheckmarkRegular } from '@fluentui/react-icons/svg/checkmark';
import { commands, isCommandName, type Job } from '@aether-v/types';
import { useState, type ReactElement } from 'react';
import { AskDialog } from '../components/ask-dialog.tsx';
import { CancelButton } from '../components/jobs/cancel-button.tsx';
import { useWhyNot } from '../session/session-context.ts';
import { jobTableTexts as texts } from './job-table.text.ts';
import { isBad } from './job-words.ts';
import { useJobActions } from './use-job-actions.tsx';

const useStyles = makeStyles({
  root: { display: 'inline-flex', gap: tokens.spacingHorizontalXXS },
  body: { margin: 0 },
});

interface Props {
  readonly job: Job;
  /** True in a table, whose rows have icons and are one tab stop. */
  readonly isCompact?: boolean;
}

/** Retries, acknowledges or cancels a job, as far as its state allows. */
export function JobActions({ job, isCompact = false }: Props): ReactElement {
  const styles = useStyles();
  const whyNot = useWhyNot();
  const { retry, acknowledge, isBusy } = useJobActions(job);
  const [asking, setAsking] = useState<{ readonly from: HTMLElement } | null>(null);
  const command = isCommandName(job.command) ? commands[job.command] : null;
  const reason = whyNot(command?.permission ?? 'host') ?? undefined;
  const danger = command?.danger ?? 'none';
  // A child is retried by its parent's page, too: the service accepts both.
  const canRetry = command !== null && job.retriedBy === null && (isBad(job) || job.state === 'cancelled');
  const common = {
    size: isCompact ? 'small' : 'medium',
    appearance: isCompact ? 'subtle' : 'secondary',
    'aria-description': reason,
    disabledFocusable: isBusy || reason !== undefined,
    ...(isCompact && { tabIndex: -1 }),
  } as const;
  return (
    <span className={styles.root}>
      <CancelButton job={job} {...(isCompact && { tabIndex: -1 })} />
      {canRetry && (
        <Button
          {...common}
          icon={<ArrowClockwiseRegular />}
          aria-label={texts.retryOf(job.title)}
          title={reason ?? texts.retryOf(job.title)}
          onClick={({ currentTarget }) => (danger === 'none' ? retry() : setAsking({ from: currentTarget }))}
        >
          {isCompact ? undefined : texts.retry}
        </Button>
      )}
      {isBad(job) && job.acknowledgedBy === null && (
        <Button
          {...common}
          icon={<CheckmarkRegular />}
          aria-label={texts.acknowledgeOf(job.title)}
          title={reason ?? texts.acknowledgeOf(job.title)}
          onClick={acknowledge}
        >
          {isCompact ? undefined : texts.acknowledge}
        </Button>
      )}
      {asking && (
        <AskDialog
          title={texts.retryTitle(job.title)}
          confirm={texts.retryOf(job.title)}
          isDangerous={danger === 'loses-data'}
          from={asking.from}
          onAnswer={(yes) => {
            setAsking(null);
            if (yes) retry();
          }}
        >
          <p className={styles.body}>
            {danger === 'loses-data' ? texts.retryLosesData : texts.retryInterrupts} {texts.retryBody}
          </p>
        </AskDialog>
      )}
    </span>
  );
}
