import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useMemo } from 'react';
import { AppLink } from '../../components/app-link.tsx';
import { formatCount } from '../../components/format.ts';
import { jobStateViews } from '../../components/states.text.ts';
import { Section } from '../../components/section.tsx';
import { Status } from '../../components/status.tsx';
import { Ago } from '../../components/time.tsx';
import { useNow } from '../../components/use-now.ts';
import { useRows } from '../../fleet/fleet-context.ts';
import { newestJobs } from '../../fleet/job-order.ts';
import { changedToday } from './changed-today.ts';
import { overviewTexts as texts } from './overview.text.ts';

const useStyles = makeStyles({
  list: { display: 'grid', gap: tokens.spacingVerticalXS, margin: 0, padding: 0, listStyleType: 'none' },
  item: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto auto',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    minHeight: '1.5rem',
  },
  text: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

const most = 5;

/** The number of today's jobs, and the latest ones. */
export function ChangedSection(): ReactElement {
  const styles = useStyles();
  const jobs = useRows('job');
  const now = useNow();
  const { total, failed, isMore } = useMemo(() => changedToday(jobs, now), [jobs, now]);
  const latest = useMemo(() => newestJobs(jobs, most), [jobs]);
  return (
    <Section title={texts.changed}>
      {latest.length === 0 ? (
        texts.noJobs
      ) : (
        <>
          <AppLink to="/jobs">{texts.jobsToday(formatCount(total), formatCount(failed), isMore)}</AppLink>
          <ul className={styles.list}>
            {latest.map((job) => (
              <li key={job.id} className={styles.item}>
                <AppLink
                  to="/jobs/$jobId"
                  params={{ jobId: job.id }}
                  className={styles.text}
                  title={job.title}
                >
                  {job.title}
                </AppLink>
                <Status view={jobStateViews[job.state]} />
                <span className={styles.quiet}>
                  <Ago moment={job.finishedAt ?? job.createdAt} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
