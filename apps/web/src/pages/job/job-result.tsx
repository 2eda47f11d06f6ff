import { resultOfJob, type CommandResult, type Job } from '@aether-v/types';
import type { ReactElement } from 'react';
import { Facts } from '../../components/facts.tsx';
import { Section } from '../../components/section.tsx';
import { FileList } from './file-list.tsx';
import { jobPageTexts as texts, remainWords } from './job.text.ts';

function Deletion({ deleted, remaining }: CommandResult<'vm.delete'>): ReactElement {
  return (
    <>
      {remaining.length > 0 && (
        <Section title={texts.remaining(remaining.length)}>
          <FileList
            label={texts.remaining(remaining.length)}
            columns={[texts.file, texts.reason]}
            rows={remaining.map(({ path, reason, message }) => ({
              key: path,
              cells: [path, `${remainWords[reason]}. ${message}`],
            }))}
          />
        </Section>
      )}
      <Section title={texts.deleted(deleted.length)}>
        {deleted.length === 0 ? (
          texts.nothingDeleted
        ) : (
          <FileList
            label={texts.deleted(deleted.length)}
            columns={[texts.deletedColumn]}
            rows={deleted.map((path) => ({ key: path, cells: [path] }))}
          />
        )}
      </Section>
    </>
  );
}

/** The findings or deletions of a successful job; renders nothing for commands whose subjects show their result. */
export function JobResult({ job }: { readonly job: Job }): ReactElement | null {
  const deletion = resultOfJob(job, 'vm.delete');
  if (deletion) return <Deletion {...deletion} />;
  const test = resultOfJob(job, 'host.test');
  return (
    test && (
      <Section title={texts.result}>
        <Facts
          facts={[
            [texts.hostName, test.hostName],
            [texts.agentVersion, test.agentVersion],
          ]}
        />
      </Section>
    )
  );
}
