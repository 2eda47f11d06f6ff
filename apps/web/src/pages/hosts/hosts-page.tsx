import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import { dropEmpty } from '../../address/drop-empty.ts';
import { formatCount } from '../../components/format.ts';
import { Message } from '../../components/message.tsx';
import { Page } from '../../components/page.tsx';
import { useNarrow } from '../../components/use-media.ts';
import { useRows } from '../../fleet/fleet-context.ts';
import { ChipSearch } from '../../search/chip-search.tsx';
import { useColumnChoice } from '../../table/column-choice.ts';
import { ColumnMenu } from '../../table/column-menu.tsx';
import { readSort } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';
import { ExportButton } from '../../table/export-button.tsx';
import { SortMenu } from '../../table/sort-menu.tsx';
import { useWidth } from '../../table/use-width.ts';
import { HostCard, hostCardHeight } from './host-card.tsx';
import { hostColumns } from './host-columns.tsx';
import { hostKeys } from './host-filter.ts';
import { hostsTexts as texts } from './hosts.text.ts';
import { useHostRows } from './use-host-rows.ts';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    gap: tokens.spacingHorizontalS,
    padding: `0 ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalM}`,
  },
});

/** The fullest hosts come first. */
const byDefault = { column: 'fullest', descending: true };

/** All hosts of the fleet with their capacity. */
export function HostsPage(): ReactElement {
  const styles = useStyles();
  const narrow = useNarrow();
  const search = useSearch({ from: '/hosts' });
  const navigate = useNavigate({ from: '/hosts' });
  const hosts = useRows('host');
  const keys = useMemo(() => hostKeys(hosts), [hosts]);
  const sort = useMemo(() => readSort(search.sort, hostColumns, byDefault), [search.sort]);
  const shown = useHostRows(search.search ?? '', sort);
  const rows = useMemo(() => shown.map((row) => ({ key: row.host.id, row })), [shown]);
  const [width, measure] = useWidth();
  const choice = useColumnChoice('hosts', hostColumns, width);
  const change = (patch: { search?: string | undefined; sort?: string | undefined }): void =>
    void navigate({ search: (old) => dropEmpty({ ...old, ...patch }), replace: true });
  const clear = (): void => change({ search: undefined });
  const onSort = (next: string): void => change({ sort: next });
  return (
    <Page
      title={texts.title}
      beside={<span aria-live="polite">{formatCount(shown.length)}</span>}
      scrolls={false}
    >
      <div ref={measure} className={styles.bar} role="search">
        <ChipSearch
          label={texts.search}
          placeholder={texts.placeholder}
          value={search.search ?? ''}
          onSearch={(text) => change({ search: text || undefined })}
          keys={keys}
        />
        {narrow && <SortMenu columns={hostColumns} sort={sort} onSort={onSort} />}
        {!narrow && <ColumnMenu all={hostColumns} choice={choice} />}
        <ExportButton name="hosts" columns={choice.columns.flatMap(({ csv }) => csv)} read={() => shown} />
      </div>
      {hosts.length === 0 ? (
        <Message title={texts.none}>{texts.noneBody}</Message>
      ) : shown.length === 0 ? (
        <Message title={texts.nothingFound} action={<Button onClick={clear}>{texts.clear}</Button>}>
          {texts.nothingFoundBody}
        </Message>
      ) : (
        <DataTable
          label={texts.table}
          columns={choice.visible}
          rows={rows}
          sort={sort}
          onSort={onSort}
          nameOf={({ host }) => host.name}
          isQuiet={({ host }) => host.stale !== null}
          onOpen={({ host }) => void navigate({ to: '/hosts/$hostId', params: { hostId: host.id } })}
          Card={HostCard}
          cardHeight={hostCardHeight}
        />
      )}
    </Page>
  );
}
