import { makeStyles, tokens } from '@fluentui/react-components';
import { resultOfJob, type CommandResult, type Job } from '@aether-v/types';
import type { ReactElement } from 'react';
import { Facts } from '../../components/facts.tsx';
import { Section } from '../../components/section.tsx';
import { SimpleTable } from '../../components/simple-table.tsx';
import { jobPageTexts as texts } from './job.text.ts';
import { LongList } from './long-list.tsx';

const useStyles = makeStyles({
  paths: {
    display: 'grid',
    gap: tokens.spacingVerticalXS,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    overflowWrap: 'anywhere',
  },
});

function Remaining({ remaining }: Pick<CommandResult<'vm.delete'>, 'remaining'>): ReactElement {
  const title = texts.remaining(remaining.length);
  return (
    <Section title={title}>
      <LongList items={remaining}>
        {(shown) => (
          <SimpleTable
            label={title}
            columns={[texts.file, texts.reason]}
            rows={shown.map(({ path, reason, message }) => ({
              key: path,
              cells: [path, reason === 'failed' ? texts.notDeleted(message) : message],
            }))}
          />
        )}
      </LongList>
    </Section>
  );
}

function Deleted({ deleted }: Pick<CommandResult<'vm.delete'>, 'deleted'>): ReactElement {
  const styles = useStyles();
  const title = texts.deleted(deleted.length);
  return (
    <Section title={title}>
      {deleted.length === 0 ? (
        texts.nothingDeleted
      ) : (
        <LongList items={deleted}>
          {(shown) => (
            <ul className={styles.paths} aria-label={title}>
              {shown.map((path) => (
                <li key={path}>{path}</li>
              ))}
            </ul>
          )}
        </LongList>
      )}
    </Section>
  );
}

/** The findings or deletions of a successful job; renders nothing for commands whose subjects show their result. */
export function JobResult({ job }: { readonly job: Job }): ReactElement | null {
  const deletion = resultOfJob(job, 'vm.delete');
  const test = resultOfJob(job, 'host.test');
  return (
    <>
      {deletion && deletion.remaining.length > 0 && <Remaining remaining={deletion.remaining} />}
      {deletion && <Deleted deleted={deletion.deleted} />}
      {test && (
        <Section title={texts.result}>
          <Facts
            facts={[
              [texts.hostName, test.hostName],
              [texts.agentVersion, test.agentVersion],
            ]}
          />
        </Section>
      )}
    </>
  );
}
