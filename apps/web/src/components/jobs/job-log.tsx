import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { Job, JobLogLine } from '@aether-v/types';
import { useEffect, useRef, type ReactElement } from 'react';
import { jobLogQuery } from '../../fleet/queries.ts';
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
  // A log may have thousands of lines, of which only a few are visible.
  line: {
    display: 'flex',
    gap: tokens.spacingHorizontalM,
    overflowWrap: 'anywhere',
    contentVisibility: 'auto',
    containIntrinsicSize: 'auto 16px',
  },
  time: { flexShrink: 0, color: tokens.colorNeutralForeground3 },
  warning: { color: tokens.colorStatusWarningForeground1 },
  error: { color: tokens.colorStatusDangerForeground1 },
});

/** Reads the whole log of a job again whenever its row has new lines; until loaded, returns the row's lines. */
function useLines({ id, log }: Job): readonly JobLogLine[] {
  const { data, isFetching, refetch } = useQuery(jobLogQuery(id));
  const last = log.at(-1);
  const end = `${log.length} ${last?.at} ${last?.message}`;
  const read = useRef(end);
  useEffect(() => {
    if (isFetching || read.current === end) return;
    read.current = end;
    void refetch();
  }, [end, isFetching, refetch]);
  return data === undefined || data.lines.length === 0 ? log : data.lines;
}

/** A job's log, updated live. */
export function JobLog({ job }: { readonly job: Job }): ReactElement {
  const styles = useStyles();
  const lines = useLines(job);
  if (lines.length === 0) return <>{jobTexts.emptyLog}</>;
  return (
    <div role="log" aria-label={jobTexts.log}>
      <ol className={styles.root}>
        {lines.map(({ at, level, message }, n) => (
          <li key={`${at} ${n}`} className={styles.line}>
            <time dateTime={at} title={formatDateTime(at)} className={styles.time}>
              {formatClock(at)}
            </time>
            <span
              className={mergeClasses(
                level === 'warning' && styles.warning,
                level === 'error' && styles.error,
              )}
            >
              {jobTexts.levels[level]}
              {message}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
