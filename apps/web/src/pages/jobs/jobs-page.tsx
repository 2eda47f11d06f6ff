import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { JobRow } from '../../components/jobs/job-row.tsx';
import { jobTexts as texts } from '../../components/jobs/jobs.text.ts';
import { Message } from '../../components/message.tsx';
import { Page } from '../../components/page.tsx';
import { ReadFailed } from '../../components/read-failed.tsx';
import { useFleet } from '../../fleet/fleet-context.ts';
import { jobPageQuery, pageSize } from '../../fleet/queries.ts';
import { jobsPageTexts } from './jobs-page.text.ts';

const useStyles = makeStyles({
  list: {
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    backgroundColor: tokens.colorNeutralBackground1,
    minHeight: '100%',
  },
  more: { padding: tokens.spacingHorizontalL },
});

/** All jobs that the service keeps, newest first. */
export function JobsPage(): ReactElement {
  const styles = useStyles();
  const fleet = useFleet();
  const [pages, setPages] = useState(1);
  const head = useQuery(jobPageQuery(fleet, 0));
  const rest = useQueries({ queries: Array.from({ length: pages }, (_, page) => jobPageQuery(fleet, page)) });
  // A parent and its children may be on different pages.
  const ids = [...new Set(rest.flatMap(({ data }) => data?.ids ?? []))];
  const total = head.data?.total ?? null;
  if (head.error && total === null)
    return (
      <Page title={jobsPageTexts.title}>
        <ReadFailed title={texts.failedTitle} error={head.error} />
      </Page>
    );
  return (
    <Page title={jobsPageTexts.title}>
      {total === 0 && <Message title={texts.none}>{texts.noneBody}</Message>}
      <ul className={styles.list} aria-label={texts.table} aria-busy={total === null}>
        {ids.map((id) => (
          <JobRow key={id} id={id} />
        ))}
      </ul>
      {total !== null && pages * pageSize < total && (
        <div className={styles.more}>
          <Button onClick={() => setPages(pages + 1)}>{jobsPageTexts.more}</Button>
        </div>
      )}
    </Page>
  );
}
