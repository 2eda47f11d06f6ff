import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { Job } from '@aether-v/types';
import type { ReactElement } from 'react';
import { formatClock, formatDateTime } from '../format.ts';
import { jobTexts } from './jobs.text.ts';

const useStyles = makeStyles({
  root: {
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
  },
  line: { display: 'flex', gap: tokens.spacingHorizontalM, overflowWrap: 'anywhere' },
  time: { flexShrink: 0, color: tokens.colorNeutralForeground3 },
  warning: { color: tokens.colorStatusWarningForeground1 },
  error: { color: tokens.colorStatusDangerForeground1 },
});

/** A job's log, as it grows. */
export function JobLog({ job }: { readonly job: Job }): ReactElement {
  const styles = useStyles();
  if (job.log.length === 0) return <>{jobTexts.emptyLog}</>;
  return (
    <ol className={styles.root} role="log" aria-label={jobTexts.log}>
      {job.log.map(({ at, level, message }, n) => (
        <li key={`${at} ${n}`} className={styles.line}>
          <time dateTime={at} title={formatDateTime(at)} className={styles.time}>
            {formatClock(at)}
          </time>
          <span
            className={mergeClasses(level === 'warning' && styles.warning, level === 'error' && styles.error)}
          >
            {jobTexts.levels[level]}
            {message}
          </span>
        </li>
      ))}
    </ol>
  );
}
