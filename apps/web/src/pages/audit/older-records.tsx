import { Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { formatDateTime } from '../../components/format.ts';
import { auditTexts as texts } from './audit.text.ts';
import type { AuditList } from './use-audit-records.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXL}`,
    color: tokens.colorNeutralForeground2,
  },
});

/** The end of the list: how far it was read, and the button to continue. */
export function OlderRecords({ list }: { readonly list: AuditList }): ReactElement {
  const styles = useStyles();
  const { isReading, hasOlder, readTo, records, readOlder } = list;
  if (isReading)
    return (
      <div className={styles.root}>
        <Spinner size="tiny" label={texts.searching} />
        {readTo !== null && <span>{texts.searchedTo(formatDateTime(readTo))}</span>}
      </div>
    );
  if (!hasOlder) return <div className={styles.root}>{texts.end}</div>;
  return (
    <div className={styles.root}>
      <Button onClick={readOlder}>{records.length === 0 ? texts.searchFurther : texts.older}</Button>
      {readTo !== null && <span>{texts.searchedTo(formatDateTime(readTo))}</span>}
    </div>
  );
}
