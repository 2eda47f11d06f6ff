import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { Job } from '@aether-v/types';
import type { ReactElement } from 'react';
import { AppLink } from '../components/app-link.tsx';
import { jobSays } from '../components/jobs/job-says.ts';
import { JobBegun, JobButtons, JobState } from './job-cells.tsx';

/** The height of a card in pixels. */
export const jobCardHeight = 112;

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    gap: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalM}`,
    alignItems: 'center',
  },
  text: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  quiet: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  end: { justifySelf: 'end' },
  whole: { gridColumn: '1 / -1' },
});

/** One job on a phone. */
export function JobCard({ row }: { readonly row: Job }): ReactElement {
  const styles = useStyles();
  return (
    <span className={styles.root}>
      <span className={styles.text}>
        <AppLink to="/jobs/$jobId" params={{ jobId: row.id }} tabIndex={-1} title={row.title}>
          {row.title}
        </AppLink>
      </span>
      <span className={mergeClasses(styles.quiet, styles.end)}>
        <JobBegun row={row} />
      </span>
      <JobState row={row} />
      <span className={styles.end}>
        <JobButtons row={row} />
      </span>
      <span className={mergeClasses(styles.text, styles.quiet, styles.whole)}>
        {[row.actor, jobSays(row)].filter(Boolean).join(' · ')}
      </span>
    </span>
  );
}
