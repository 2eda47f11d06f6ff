import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import type { Job } from '@aether-v/types';
import type { ReactElement } from 'react';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { JobCard, jobCardHeight } from './job-card.tsx';
import { jobTableTexts as texts } from './job-table.text.ts';
import type { JobList } from './use-job-list.ts';

const useStyles = makeStyles({
  more: { padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXL}` },
});

/** Jobs as a table, updated live; parents can be opened to show their parts. */
export function JobTable({
  label,
  columns,
  list,
}: {
  readonly label: string;
  readonly columns: readonly Column<Job>[];
  readonly list: JobList;
}): ReactElement {
  const styles = useStyles();
  const navigate = useNavigate();
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={list.rows}
      nameOf={({ title }) => title}
      onOpen={({ id }) => void navigate({ to: '/jobs/$jobId', params: { jobId: id } })}
      onToggle={list.toggle}
      Card={JobCard}
      cardHeight={jobCardHeight}
      isBusy={list.total === null}
    >
      {list.hasMore && (
        <div className={styles.more}>
          <Button onClick={list.readMore}>{texts.more}</Button>
        </div>
      )}
    </DataTable>
  );
}
