import { makeStyles, ProgressBar, tokens } from '@fluentui/react-components';
import type { Job } from '@aether-v/types';
import type { ReactElement } from 'react';
import { formatPercent } from '../format.ts';
import { jobStateViews } from '../states.text.ts';
import { Status } from '../status.tsx';
import { jobTexts } from './jobs.text.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    minWidth: 0,
    // A bar without a number is centred on the line all the same.
    minHeight: tokens.lineHeightBase300,
  },
  bar: { width: '7rem', flexShrink: 0 },
  percent: { width: '3rem', flexShrink: 0, textAlign: 'right', fontVariantNumeric: 'tabular-nums' },
});

/** The progress of a running job, or the result of an ended one. */
export function JobProgress({ job }: { readonly job: Job }): ReactElement {
  const styles = useStyles();
  if (job.state !== 'running') return <Status view={jobStateViews[job.state]} />;
  return (
    <span className={styles.root}>
      <ProgressBar
        className={styles.bar}
        aria-label={jobTexts.progress(job.title)}
        thickness="large"
        {...(job.percent !== null && { value: job.percent / 100 })}
      />
      <span className={styles.percent}>{job.percent === null ? '' : formatPercent(job.percent)}</span>
    </span>
  );
}
