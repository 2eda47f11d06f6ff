import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Job } from '@aether-v/types';
import type { ReactElement } from 'react';
import { endText } from '../../actions/run-action.ts';
import { AppLink } from '../../components/app-link.tsx';
import { JobLog } from '../../components/jobs/job-log.tsx';
import { jobTexts } from '../../components/jobs/jobs.text.ts';
import { MissingPage } from '../../components/missing-page.tsx';
import { Page } from '../../components/page.tsx';
import { ReadFailed } from '../../components/read-failed.tsx';
import { Section } from '../../components/section.tsx';
import { Stack } from '../../components/stack.tsx';
import { useFleet, useRow } from '../../fleet/fleet-context.ts';
import { jobQuery } from '../../fleet/queries.ts';
import { JobActions } from '../../job-table/job-actions.tsx';
import { ChildJobs } from './child-jobs.tsx';
import { JobFacts } from './job-facts.tsx';
import { JobResult } from './job-result.tsx';
import { jobPageTexts as texts } from './job.text.ts';

function LoadedJob({ job }: { readonly job: Job }): ReactElement {
  const end = endText(job);
  return (
    <Page title={job.title} actions={<JobActions job={job} />}>
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
          <JobFacts job={job} />
        </Section>
        <JobResult job={job} />
        {job.children && (
          <Section title={texts.steps}>
            <ChildJobs parentId={job.id} total={job.children.total} />
          </Section>
        )}
        {/* Each child has a log; that of a parent is often empty. */}
        {(!job.children || job.log.length > 0) && (
          <Section title={jobTexts.log}>
            <JobLog job={job} />
          </Section>
        )}
      </Stack>
    </Page>
  );
}

/** One job: its progress, result, children and log. */
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
