import { makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { Job } from '@aether-v/types';
import { useMemo, type ReactElement } from 'react';
import { AppLink } from '../../components/app-link.tsx';
import { Dash } from '../../components/dash.tsx';
import { formatCount } from '../../components/format.ts';
import { jobMessage } from '../../components/jobs/job-says.ts';
import { JobProgress } from '../../components/jobs/job-progress.tsx';
import { SubjectLink } from '../../components/jobs/subject-link.tsx';
import { ReadFailed } from '../../components/read-failed.tsx';
import { SimpleTable } from '../../components/simple-table.tsx';
import { useFleet, useRows } from '../../fleet/fleet-context.ts';
import { childJobsQuery } from '../../fleet/queries.ts';
import { jobPageTexts as texts } from './job.text.ts';

const useStyles = makeStyles({
  // A long message must not take the width of the names.
  says: { maxWidth: '32rem', color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

function ChildState({ job }: { readonly job: Job }): ReactElement {
  const styles = useStyles();
  const message = jobMessage(job);
  return (
    <>
      <JobProgress job={job} />
      {message !== null && <div className={styles.says}>{message}</div>}
    </>
  );
}

function cellsOf(job: Job): readonly ReactElement[] {
  return [
    <>{job.step && formatCount(job.step.number)}</>,
    <AppLink key="title" to="/jobs/$jobId" params={{ jobId: job.id }}>
      {job.title}
    </AppLink>,
    <ChildState key="state" job={job} />,
    job.hostId === null ? (
      <Dash key="host" reason={texts.noHost} />
    ) : (
      <SubjectLink key="host" kind="host" id={job.hostId} name={job.hostId} />
    ),
  ];
}

/** The children of a job in their order, updated live. They are read only if the stream has not brought all of them. */
export function ChildJobs({
  parentId,
  total,
}: {
  readonly parentId: string;
  readonly total: number;
}): ReactElement {
  const fleet = useFleet();
  const jobs = useRows('job');
  const children = useMemo(
    () =>
      jobs
        .filter((job) => job.parentId === parentId)
        .sort((a, b) => (a.step?.number ?? 0) - (b.step?.number ?? 0)),
    [jobs, parentId],
  );
  const read = useQuery({ ...childJobsQuery(fleet, parentId), enabled: children.length < total });
  if (read.error && children.length < total)
    return <ReadFailed title={texts.stepsFailed} error={read.error} />;
  return (
    <SimpleTable
      label={texts.steps}
      columns={[texts.step, texts.job, texts.state, texts.subjects.host]}
      rows={children.map((job) => ({ key: job.id, cells: cellsOf(job) }))}
    />
  );
}
