import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down';
import { ChevronUpRegular } from '@fluentui/react-icons/svg/chevron-up';
import { useMemo, useState, type ReactElement } from 'react';
import { AppLink } from '../components/app-link.tsx';
import { JobLine } from '../components/jobs/job-line.tsx';
import { newestJobs } from '../fleet/job-order.ts';
import { useRows } from '../fleet/fleet-context.ts';
import { shellTexts as texts } from './shell.text.ts';

const useStyles = makeStyles({
  root: {
    flexShrink: 0,
    borderTop: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
    padding: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalL}`,
  },
  head: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalM, minHeight: '2rem' },
  first: { flexGrow: 1, minWidth: 0 },
  list: { height: '10rem', overflowY: 'auto' },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const most = 20;

/** The job dock: the newest job on one line, or the latest twenty. */
export function JobDock(): ReactElement {
  const styles = useStyles();
  const all = useRows('job');
  const jobs = useMemo(() => newestJobs(all, most), [all]);
  const [open, setOpen] = useState(false);
  const first = jobs[0];
  return (
    <section className={styles.root} aria-label={texts.dock}>
      <div className={styles.head}>
        <Button
          size="small"
          appearance="subtle"
          icon={open ? <ChevronDownRegular /> : <ChevronUpRegular />}
          aria-label={open ? texts.collapseDock : texts.expandDock}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        />
        <AppLink to="/jobs">{texts.jobs}</AppLink>
        <div className={styles.first}>
          {!first && <span className={styles.quiet}>{texts.noJobs}</span>}
          {first && !open && <JobLine job={first} />}
        </div>
      </div>
      {open && (
        <div className={styles.list}>
          {jobs.map((job) => (
            <JobLine key={job.id} job={job} />
          ))}
        </div>
      )}
    </section>
  );
}
