import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState, type ReactElement } from 'react';
import { dropEmpty } from '../../address/drop-empty.ts';
import { formatCount } from '../../components/format.ts';
import { Message } from '../../components/message.tsx';
import { Page } from '../../components/page.tsx';
import { ReadFailed } from '../../components/read-failed.tsx';
import { useNarrow } from '../../components/use-media.ts';
import { useFleet, useRows } from '../../fleet/fleet-context.ts';
import { readJobs, type JobFilter } from '../../fleet/job-filter.ts';
import { serviceClock } from '../../fleet/service-clock.ts';
import { jobColumns } from '../../job-table/job-columns.tsx';
import { JobTable } from '../../job-table/job-table.tsx';
import { useJobList } from '../../job-table/use-job-list.ts';
import { ChipSearch } from '../../search/chip-search.tsx';
import { useColumnChoice } from '../../table/column-choice.ts';
import { ColumnMenu } from '../../table/column-menu.tsx';
import { ExportButton } from '../../table/export-button.tsx';
import { useWidth } from '../../table/use-width.ts';
import { hasWords, jobKeys, jobSearch } from './job-search.ts';
import { jobsPageTexts as texts } from './jobs-page.text.ts';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    gap: tokens.spacingHorizontalS,
    padding: `0 ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalM}`,
  },
});

const everything: JobFilter = { topLevel: true };

/** Returns the filter of a search, which stays the same object while its content does. */
function useJobSearch(text: string): { filter: JobFilter | null; words: readonly string[] } {
  const fleet = useFleet();
  const hosts = useRows('host');
  // Times are relative to the moment of the search; a filter that moves with the clock would be read all the time.
  const [searched, setSearched] = useState({ text, now: serviceClock.now() });
  if (searched.text !== text) setSearched({ text, now: serviceClock.now() });
  const vms = useRows('vm');
  const content = JSON.stringify(
    jobSearch(text, {
      hosts,
      vms,
      jobs: [...fleet.cache.tables.job.values()].flatMap(({ row }) => row ?? []),
      now: searched.now,
    }),
  );
  return useMemo(() => JSON.parse(content) as ReturnType<typeof jobSearch>, [content]);
}

/** All jobs that the service keeps, newest first. */
export function JobsPage(): ReactElement {
  const styles = useStyles();
  const narrow = useNarrow();
  const { search: text = '' } = useSearch({ from: '/jobs' });
  const navigate = useNavigate({ from: '/jobs' });
  const { filter, words } = useJobSearch(text);
  const matches = useMemo(() => hasWords(words), [words]);
  const list = useJobList(filter ?? everything, filter ? matches : never, words.length > 0);
  const [width, measure] = useWidth();
  const choice = useColumnChoice('jobs', jobColumns, width);
  const [hosts, vms, jobs] = [useRows('host'), useRows('vm'), useRows('job')];
  const keys = useMemo(() => jobKeys(hosts, vms, jobs), [hosts, vms, jobs]);
  const onSearch = (next: string): void =>
    void navigate({ search: dropEmpty({ search: next || undefined }), replace: true });
  const isEmpty = list.rows.length === 0 && !list.hasMore && list.total !== null;
  const counted = words.length > 0 || filter === null ? list.rows.length : list.total;
  return (
    <Page
      title={texts.title}
      beside={counted !== null && <span aria-live="polite">{formatCount(counted)}</span>}
      scrolls={false}
    >
      <div ref={measure} className={styles.bar} role="search">
        <ChipSearch
          label={texts.search}
          placeholder={texts.placeholder}
          value={text}
          onSearch={onSearch}
          keys={keys}
        />
        {!narrow && <ColumnMenu all={jobColumns} choice={choice} />}
        <ExportButton
          name="jobs"
          columns={choice.columns.flatMap(({ csv }) => csv)}
          read={async () => (filter ? (await readJobs(filter)).filter(matches) : [])}
        />
      </div>
      {list.error ? (
        <ReadFailed title={texts.failed} error={list.error} />
      ) : isEmpty && text === '' ? (
        <Message title={texts.none}>{texts.noneBody}</Message>
      ) : isEmpty ? (
        <Message
          title={texts.nothingFound}
          action={<Button onClick={() => onSearch('')}>{texts.clear}</Button>}
        >
          {texts.nothingFoundBody}
        </Message>
      ) : (
        <JobTable label={texts.table} columns={choice.visible} list={list} />
      )}
    </Page>
  );
}

const never = (): boolean => false;
