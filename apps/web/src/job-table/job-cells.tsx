import { makeStyles, tokens } from '@fluentui/react-components';
import type { Job } from '@aether-v/types';
import type { ReactElement } from 'react';
import { AppLink } from '../components/app-link.tsx';
import { Dash } from '../components/dash.tsx';
import { formatElapsed } from '../components/format.ts';
import { JobProgress } from '../components/jobs/job-progress.tsx';
import { jobSays } from '../components/jobs/job-says.ts';
import { SubjectLink } from '../components/jobs/subject-link.tsx';
import { Status } from '../components/status.tsx';
import { Ago } from '../components/time.tsx';
import { useNow } from '../components/use-now.ts';
import { JobActions } from './job-actions.tsx';
import { jobTableTexts as texts } from './job-table.text.ts';
import { jobStateView, jobWhat, tookMs } from './job-words.ts';

interface Props {
  readonly row: Job;
}

const useStyles = makeStyles({ name: { fontWeight: tokens.fontWeightSemibold } });

export function JobWhat({ row }: Props): ReactElement {
  return (
    <AppLink
      to="/jobs/$jobId"
      params={{ jobId: row.id }}
      className={useStyles().name}
      tabIndex={-1}
      aria-label={row.title}
      title={row.title}
    >
      {jobWhat(row)}
    </AppLink>
  );
}

export function JobOn({ row: { subject, children } }: Props): ReactElement {
  const { kind, id, name } = subject;
  if (kind !== 'none') return <SubjectLink kind={kind} id={id} name={name} tabIndex={-1} />;
  return children ? <>{texts.parts(children.total)}</> : <Dash reason={texts.noSubject} />;
}

export function JobHost({ row: { hostId } }: Props): ReactElement {
  if (hostId === null) return <Dash reason={texts.noHost} />;
  return <SubjectLink kind="host" id={hostId} name={hostId} tabIndex={-1} />;
}

export function JobWho({ row: { actor, source } }: Props): ReactElement {
  return <span title={source === 'host' ? `${actor}. ${texts.reported}` : actor}>{actor}</span>;
}

export function JobState({ row }: Props): ReactElement {
  return row.state === 'running' ? <JobProgress job={row} /> : <Status view={jobStateView(row)} />;
}

export function JobBegun({ row: { startedAt, createdAt } }: Props): ReactElement {
  return <Ago moment={startedAt ?? createdAt} />;
}

export function JobTook({ row }: Props): ReactElement {
  const took = tookMs(row, useNow());
  if (took === null) return <Dash reason={row.finishedAt === null ? texts.notBegun : texts.neverBegun} />;
  return <>{formatElapsed(took)}</>;
}

export function JobMessage({ row }: Props): ReactElement {
  const says = jobSays(row);
  return <span title={says}>{says}</span>;
}

export function JobButtons({ row }: Props): ReactElement {
  return <JobActions job={row} isCompact />;
}
