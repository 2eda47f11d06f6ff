import { Button } from '@fluentui/react-components';
import { useState, type ComponentProps, type ReactElement } from 'react';
import { SimpleTable } from '../../components/simple-table.tsx';
import { jobPageTexts as texts } from './job.text.ts';

/** The rows that are shown before all are asked for; a deletion can name 1,024 files. */
const mostRows = 10;

/** A table of files; of a long one, the first rows and a button that shows all. */
export function FileList({ rows, ...table }: ComponentProps<typeof SimpleTable>): ReactElement {
  const [showsAll, setShowsAll] = useState(false);
  const isCut = !showsAll && rows.length > mostRows;
  return (
    <>
      <SimpleTable {...table} rows={isCut ? rows.slice(0, mostRows) : rows} />
      {isCut && (
        <span>
          <Button onClick={() => setShowsAll(true)}>{texts.showAll(rows.length)}</Button>
        </span>
      )}
    </>
  );
}
