import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { Job } from '@aether-v/types';
import type { ReactElement } from 'react';
import { AppLink } from '../app-link.tsx';
import { Ago } from '../time.tsx';
import { useNarrow } from '../use-media.ts';
import { CancelButton } from './cancel-button.tsx';
import { JobProgress } from './job-progress.tsx';
import { jobSays } from './job-says.ts';

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 16rem) 11rem minmax(0, 1fr) auto auto',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalL,
    minHeight: '2rem',
  },
  // Title and progress, below them message and time, then the button if there is one.
  narrow: {
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    alignItems: 'start',
    rowGap: tokens.spacingVerticalXXS,
    padding: `${tokens.spacingVerticalXS} 0`,
  },
  endNarrow: { justifySelf: 'end' },
  saysNarrow: {
    gridColumn: 1,
    gridRow: 2,
    // Two lines; the page of the job has all.
    maxHeight: `calc(2 * ${tokens.lineHeightBase300})`,
    whiteSpace: 'normal',
    overflowWrap: 'anywhere',
  },
  timeNarrow: { gridColumn: 2, gridRow: 2, justifySelf: 'end' },
  cancelNarrow: { gridColumn: '1 / -1', gridRow: 3, justifySelf: 'end', ':empty': { display: 'none' } },
  text: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** One job on one line: title, progress, message, time. */
export function JobLine({ job }: { readonly job: Job }): ReactElement {
  const styles = useStyles();
  const narrow = useNarrow();
  const says = jobSays(job);
  return (
    <div className={mergeClasses(styles.root, narrow && styles.narrow)}>
      <AppLink to="/jobs/$jobId" params={{ jobId: job.id }} className={styles.text}>
        {job.title}
      </AppLink>
      <span className={mergeClasses(narrow && styles.endNarrow)}>
        <JobProgress job={job} />
      </span>
      <span className={mergeClasses(styles.text, narrow && styles.saysNarrow)} title={says}>
        {says}
      </span>
      <span className={mergeClasses(narrow && styles.cancelNarrow)}>
        <CancelButton job={job} />
      </span>
      <span className={mergeClasses(styles.quiet, narrow && styles.timeNarrow)}>
        <Ago moment={job.finishedAt ?? job.createdAt} />
      </span>
    </div>
  );
}
