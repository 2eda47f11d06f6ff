import { makeStyles, tokens } from '@fluentui/react-components';
import type { Job } from '@aether-v/types';
import type { ReactElement } from 'react';
import { AppLink } from '../app-link.tsx';
import { Ago } from '../time.tsx';
import { CancelButton } from './cancel-button.tsx';
import { JobProgress } from './job-progress.tsx';

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 16rem) 11rem minmax(0, 1fr) auto auto',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalL,
    minHeight: '2rem',
  },
  narrow: { gridTemplateColumns: 'minmax(0, 1fr) auto' },
  text: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** One job on one line: what, how far, what it says, when. */
export function JobLine({ job }: { readonly job: Job }): ReactElement {
  const styles = useStyles();
  const says = job.error?.message ?? job.message ?? '';
  return (
    <div className={styles.root}>
      <AppLink to="/jobs/$jobId" params={{ jobId: job.id }} className={styles.text}>
        {job.title}
      </AppLink>
      <JobProgress job={job} />
      <span className={styles.text} title={says}>
        {says}
      </span>
      <span>
        <CancelButton job={job} />
      </span>
      <span className={styles.quiet}>
        <Ago moment={job.finishedAt ?? job.createdAt} />
      </span>
    </div>
  );
}
