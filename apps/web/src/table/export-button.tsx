import { Button, Toast, ToastBody, ToastTitle, useAnnounce } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import { useState, type ReactElement } from 'react';
import { errorTexts, unreachableText } from '../components/error.text.ts';
import { useNarrow } from '../components/use-media.ts';
import { useToasts } from '../components/use-toasts.ts';
import { ApiProblem } from '../fleet/problem.ts';
import { serviceClock } from '../fleet/service-clock.ts';
import { formatCsv, type CsvColumn } from './csv.ts';
import { saveFile } from './save-file.ts';
import { tableTexts as texts } from './table.text.ts';

/** Saves all matching rows of a list as CSV, with the columns that it shows. */
export function ExportButton<Row>({
  name,
  columns,
  read,
}: {
  /** The beginning of the file name. */
  readonly name: string;
  readonly columns: readonly CsvColumn<Row>[];
  /** Returns all rows that match, also those that are not on the screen. */
  readonly read: () => Promise<readonly Row[]> | readonly Row[];
}): ReactElement {
  const narrow = useNarrow();
  const { announce } = useAnnounce();
  const { dispatchToast } = useToasts();
  const [isBusy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const rows = await read();
      const date = new Date(serviceClock.now()).toISOString().slice(0, 10);
      saveFile(`${name}-${date}.csv`, 'text/csv;charset=utf-8', formatCsv(columns, rows));
      announce(texts.exported(rows.length));
    } catch (error) {
      const text = error instanceof ApiProblem ? errorTexts[error.code] : unreachableText;
      dispatchToast(
        <Toast>
          <ToastTitle>{texts.exportFailed}</ToastTitle>
          <ToastBody>{`${text.what} ${text.todo}`}</ToastBody>
        </Toast>,
        { intent: 'error', timeout: 10_000 },
      );
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      icon={<ArrowDownloadRegular />}
      aria-label={narrow ? texts.exportCsv : undefined}
      title={texts.exportCsv}
      disabledFocusable={isBusy}
      onClick={() => void save()}
    >
      {narrow ? undefined : isBusy ? texts.exporting : texts.export}
    </Button>
  );
}
