import { Button } from '@fluentui/react-components';
import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import { LinkMultipleRegular } from '@fluentui/react-icons/svg/link-multiple';
import { useQueryClient } from '@tanstack/react-query';
import type { AuditRecord } from '@aether-v/types';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState, type ReactElement } from 'react';
import { auditQuery, type AuditPatch } from '../../address/audit-search.ts';
import { dropEmpty } from '../../address/drop-empty.ts';
import { Message } from '../../components/message.tsx';
import { Page } from '../../components/page.tsx';
import { ReadFailed } from '../../components/read-failed.tsx';
import { useNarrow } from '../../components/use-media.ts';
import { useWhyNot } from '../../session/session-context.ts';
import { useColumnChoice } from '../../table/column-choice.ts';
import { ColumnMenu } from '../../table/column-menu.tsx';
import { ExportButton } from '../../table/export-button.tsx';
import { useWidth } from '../../table/use-width.ts';
import { auditColumns } from './audit-columns.tsx';
import { auditCsv, readAuditRecords } from './audit-csv.ts';
import { AuditFilters } from './audit-filters.tsx';
import { AuditNotices } from './audit-notices.tsx';
import { AuditTable } from './audit-table.tsx';
import { auditTexts as texts } from './audit.text.ts';
import { ChainPanel } from './chain-panel.tsx';
import { OlderRecords } from './older-records.tsx';
import { RecordPanel } from './record-panel.tsx';
import { useAuditRecords } from './use-audit-records.ts';

const route = getRouteApi('/audit');

/** The audit log: who requested which change, from where, and with what result. */
export function AuditPage(): ReactElement {
  const reason = useWhyNot()('audit');
  if (reason === null) return <AuditContent />;
  return (
    <Page title={texts.title}>
      <Message>{reason}</Message>
    </Page>
  );
}

type Shown = { readonly record: AuditRecord } | 'chain' | null;

function AuditContent(): ReactElement {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const narrow = useNarrow();
  const [shown, setShown] = useState<Shown>(null);
  const [width, measure] = useWidth();
  const choice = useColumnChoice('audit', auditColumns, width);
  const query = useMemo(() => auditQuery(search), [search]);
  const list = useAuditRecords(query);
  const filter = (patch: AuditPatch): void => {
    setShown(null);
    void navigate({ search: (before) => dropEmpty({ ...before, ...patch }), replace: true });
  };
  const clear = (): void => void navigate({ search: {}, replace: true });
  const isFiltered = Object.keys(search).length > 0;
  const isEmpty = list.isLoaded && list.records.length === 0 && !list.isReading && !list.hasOlder;
  return (
    <Page
      title={texts.title}
      scrolls={false}
      actions={
        <>
          {!narrow && <ColumnMenu all={auditColumns} choice={choice} />}
          <ExportButton name="audit" columns={auditCsv} read={() => readAuditRecords(query)} />
          <Button
            icon={<LinkMultipleRegular />}
            aria-label={texts.chainTitle}
            onClick={() => setShown('chain')}
          >
            {narrow ? undefined : texts.chain}
          </Button>
          <Button
            icon={<ArrowClockwiseRegular />}
            aria-label={texts.refresh}
            onClick={() => void queries.resetQueries({ queryKey: ['audit'] })}
          >
            {narrow ? undefined : texts.refresh}
          </Button>
        </>
      }
    >
      <AuditNotices list={list} />
      <AuditFilters search={search} onFilter={filter} onClear={clear} />
      {list.error && list.records.length === 0 ? (
        <ReadFailed title={texts.failedTitle} error={list.error} />
      ) : isEmpty ? (
        <Message
          title={isFiltered ? texts.nothingFound : texts.none}
          action={isFiltered && <Button onClick={clear}>{texts.clear}</Button>}
        >
          {isFiltered ? texts.nothingFoundBody : texts.noneBody}
        </Message>
      ) : (
        <AuditTable
          columns={choice.visible}
          measure={measure}
          records={list.records}
          onOpen={(record) => setShown({ record })}
        >
          <OlderRecords list={list} />
        </AuditTable>
      )}
      {shown === 'chain' && <ChainPanel onClose={() => setShown(null)} />}
      {shown !== null && shown !== 'chain' && (
        <RecordPanel record={shown.record} onFilter={filter} onClose={() => setShown(null)} />
      )}
    </Page>
  );
}
