import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Job } from '@aether-v/types';
import type { ReactElement } from 'react';
import { endText } from '../../actions/run-action.ts';
import { AppLink } from '../../components/app-link.tsx';
import { Facts, type Fact } from '../../components/facts.tsx';
import { formatDateTime } from '../../components/format.ts';
import { CancelButton } from '../../components/jobs/cancel-button.tsx';
import { JobLog } from '../../components/jobs/job-log.tsx';
import { JobProgress } from '../../components/jobs/job-progress.tsx';
import { jobTexts } from '../../components/jobs/jobs.text.ts';
import { MissingPage } from '../../components/missing-page.tsx';
import { Page } from '../../components/page.tsx';
import { ReadFailed } from '../../components/read-failed.tsx';
import { Section } from '../../components/section.tsx';
import { Stack } from '../../components/stack.tsx';
import { useFleet, useRow } from '../../fleet/fleet-context.ts';
import { isActive } from '../../fleet/is-active.ts';
import { jobQuery } from '../../fleet/queries.ts';
import { jobPageTexts as texts } from './job.text.ts';

function HostLink({ id }: { readonly id: string }): ReactElement {
  const host = useRow('host', id);
  return (
    <AppLink to="/hosts/$hostId" params={{ hostId: id }}>
      {host?.name ?? id}
    </AppLink>
  );
}

/** The actor of a job that the service restored from a host's journal, marked as reported by the host. */
function ToldActor({ job }: { readonly job: Job }): ReactElement {
  const host = useRow('host', job.hostId ?? '');
  return <>{texts.toldBy(job.actor, host?.name ?? job.hostId ?? texts.host)}</>;
}

function cancelText({ cancelOutcome }: Job): string {
  return cancelOutcome === null ? texts.cancelAsked : texts.cancelOutcomes[cancelOutcome];
}

function jobFacts(job: Job): Fact[] {
  return [
    [texts.state, <JobProgress key="state" job={job} />],
    ...(job.message === null || !isActive(job) ? [] : [[texts.says, job.message] as const]),
    ...(job.subject.kind !== 'vm' || job.subject.id === null
      ? []
      : [
          [
            texts.vm,
            <AppLink key="vm" to="/vms/$vmId" params={{ vmId: job.subject.id }}>
              {job.subject.name ?? job.subject.id}
            </AppLink>,
          ] as const,
        ]),
    ...(job.hostId === null ? [] : [[texts.host, <HostLink key="host" id={job.hostId} />] as const]),
    [texts.actor, job.source === 'host' ? <ToldActor key="actor" job={job} /> : job.actor],
    [texts.created, formatDateTime(job.createdAt)],
    [texts.started, job.startedAt === null ? texts.waiting : formatDateTime(job.startedAt)],
    [texts.finished, job.finishedAt === null ? texts.waiting : formatDateTime(job.finishedAt)],
    ...(job.cancelRequested ? [[texts.cancelling, cancelText(job)] as const] : []),
  ];
}

function LoadedJob({ job }: { readonly job: Job }): ReactElement {
  const end = endText(job);
  return (
    <Page title={job.title} actions={<CancelButton job={job} />}>
      <Stack>
        {end && (
          <MessageBar intent={job.state === 'failed' ? 'error' : 'warning'} layout="multiline">
            <MessageBarBody>
              <div>{end.what}</div>
              {end.detail && <div>{end.detail}</div>}
              <div>{end.todo}</div>
            </MessageBarBody>
          </MessageBar>
        )}
        <Section title={texts.facts}>
          <Facts facts={jobFacts(job)} />
        </Section>
        <Section title={jobTexts.log}>
          <JobLog job={job} />
        </Section>
      </Stack>
    </Page>
  );
}

/** One job: its progress, result and log. */
export function JobPage(): ReactElement {
  const { jobId } = useParams({ from: '/jobs/$jobId' });
  const fleet = useFleet();
  const job = useRow('job', jobId);
  const read = useQuery(jobQuery(fleet, jobId));
  if (job) return <LoadedJob job={job} />;
  const isReading = read.isPending || read.isFetching;
  if (read.error && !isReading)
    return (
      <Page title={texts.facts}>
        <ReadFailed title={texts.failed} error={read.error} />
      </Page>
    );
  return (
    <MissingPage
      isReading={isReading}
      title={texts.notFound}
      body={texts.notFoundBody}
      back={<AppLink to="/jobs">{texts.back}</AppLink>}
    />
  );
}
