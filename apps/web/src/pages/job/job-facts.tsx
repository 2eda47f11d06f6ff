import { useQuery } from '@tanstack/react-query';
import { resultOfJob, type Job, type JobStep } from '@aether-v/types';
import type { ReactElement } from 'react';
import { AppLink } from '../../components/app-link.tsx';
import { Facts, type Fact } from '../../components/facts.tsx';
import { formatDateTime } from '../../components/format.ts';
import { JobProgress } from '../../components/jobs/job-progress.tsx';
import { jobTexts } from '../../components/jobs/jobs.text.ts';
import { SubjectLink } from '../../components/jobs/subject-link.tsx';
import { useFleet, useRow } from '../../fleet/fleet-context.ts';
import { isActive } from '../../fleet/is-active.ts';
import { jobQuery } from '../../fleet/queries.ts';
import { jobPageTexts as texts } from './job.text.ts';

/** The actor of a job that the service restored from a host's journal, marked as reported by the host. */
function ToldActor({ job }: { readonly job: Job }): ReactElement {
  const host = useRow('host', job.hostId ?? '');
  return <>{texts.toldBy(job.actor, host?.name ?? job.hostId ?? texts.subjects.host)}</>;
}

/** The step of a child, with a link to its parent, which may no longer exist. */
function PartOf({ parentId, step }: { readonly parentId: string; readonly step: JobStep }): ReactElement {
  const fleet = useFleet();
  const parent = useRow('job', parentId);
  useQuery({ ...jobQuery(fleet, parentId), enabled: !parent });
  if (!parent) return <>{jobTexts.step(step)}</>;
  return (
    <>
      {texts.stepOf(step)}{' '}
      <AppLink to="/jobs/$jobId" params={{ jobId: parent.id }}>
        {parent.title}
      </AppLink>
    </>
  );
}

function subjectFacts(job: Job): Fact[] {
  const { kind, id, name } = job.subject;
  if (kind === 'none') return [];
  // The page of a deleted VM does not exist.
  const isDeleted = resultOfJob(job, 'vm.delete') !== null;
  return [
    [
      texts.subjects[kind],
      <SubjectLink key="subject" kind={kind} id={isDeleted ? null : id} name={name ?? id} />,
    ],
  ];
}

function hostFacts({ hostId, subject }: Job): Fact[] {
  if (hostId === null || (subject.kind === 'host' && subject.id === hostId)) return [];
  return [[texts.subjects.host, <SubjectLink key="host" kind="host" id={hostId} name={hostId} />]];
}

function cancelText({ cancelOutcome }: Job): string {
  return cancelOutcome === null ? texts.cancelAsked : texts.cancelOutcomes[cancelOutcome];
}

function JobLink({ jobId }: { readonly jobId: string }): ReactElement {
  const job = useRow('job', jobId);
  return (
    <AppLink to="/jobs/$jobId" params={{ jobId }}>
      {job?.title ?? jobId}
    </AppLink>
  );
}

/** The jobs that this one retries, or that retry it. */
function linkFacts({ retryOf, retriedBy }: Job): Fact[] {
  return [
    ...(retryOf === null ? [] : [[texts.retryOf, <JobLink key="of" jobId={retryOf} />] as const]),
    ...(retriedBy === null ? [] : [[texts.retriedBy, <JobLink key="by" jobId={retriedBy} />] as const]),
  ];
}

function jobFacts(job: Job): Fact[] {
  const { message, parentId, step, children } = job;
  return [
    [texts.state, <JobProgress key="state" job={job} />],
    ...(children === null ? [] : [[texts.steps, jobTexts.children(children)] as const]),
    ...(message === null || !isActive(job) ? [] : [[texts.message, message] as const]),
    ...(parentId === null || step === null
      ? []
      : [[texts.partOf, <PartOf key="parent" parentId={parentId} step={step} />] as const]),
    ...subjectFacts(job),
    ...hostFacts(job),
    [texts.actor, job.source === 'host' ? <ToldActor key="actor" job={job} /> : job.actor],
    [texts.created, formatDateTime(job.createdAt)],
    [texts.started, job.startedAt === null ? texts.waiting : formatDateTime(job.startedAt)],
    [texts.finished, job.finishedAt === null ? texts.waiting : formatDateTime(job.finishedAt)],
    ...(job.queuePosition === null ? [] : [[texts.queue, texts.before(job.queuePosition)] as const]),
    ...(job.acknowledgedBy === null || job.acknowledgedAt === null
      ? []
      : [
          [
            texts.acknowledged,
            texts.acknowledgedBy(job.acknowledgedBy, formatDateTime(job.acknowledgedAt)),
          ] as const,
        ]),
    ...linkFacts(job),
    ...(job.cancelRequested ? [[texts.cancelling, cancelText(job)] as const] : []),
  ];
}

/** State, subject, parent and times of a job. */
export function JobFacts({ job }: { readonly job: Job }): ReactElement {
  return <Facts facts={jobFacts(job)} />;
}
