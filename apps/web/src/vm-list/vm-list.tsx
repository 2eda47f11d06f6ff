import { makeStyles, tokens } from '@fluentui/react-components';
import { useMemo, type ReactElement, type ReactNode } from 'react';
import { unknownStates, vmListSpec, type VmListSearch } from '../address/list-search.ts';
import { BulkBar } from '../bulk/bulk-bar.tsx';
import { useNarrow } from '../components/use-media.ts';
import { useFleet } from '../fleet/fleet-context.ts';
import type { VmSortKey } from '../fleet/list-spec.ts';
import { useColumnChoice } from '../table/column-choice.ts';
import { ColumnMenu } from '../table/column-menu.tsx';
import { ExportButton } from '../table/export-button.tsx';
import { useWidth } from '../table/use-width.ts';
import { useSelection } from '../vm-table/use-selection.ts';
import { boxSpace, vmColumns } from '../vm-table/vm-columns.tsx';
import { VmTable } from '../vm-table/vm-table.tsx';
import { NoMatch } from './no-match.tsx';
import { readVmCsv, vmCsvColumns } from './vm-csv.ts';
import { vmListTexts as texts } from './vm-list.text.ts';
import { searchOfText, searchText } from './vm-search-keys.ts';
import { VmSearch } from './vm-search.tsx';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', flexGrow: 1, minHeight: 0, height: '100%' },
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    gap: tokens.spacingHorizontalS,
    padding: `0 ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalM}`,
  },
  unknown: {
    padding: `0 ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalS}`,
    color: tokens.colorStatusWarningForeground1,
  },
  table: { flexGrow: 1, minHeight: 0 },
});

/** The columns for the VMs of one host, whose name is the page's title. */
const columnsOfHost = vmColumns.filter(({ name }) => name !== 'host' && name !== 'cluster');

interface Props {
  readonly search: VmListSearch;
  readonly onSearch: (patch: Partial<Record<keyof VmListSearch, string | undefined>>) => void;
  readonly hostId?: string;
  readonly clusterId?: string;
  /** Shown if there are no VMs at all. */
  readonly empty: ReactNode;
  readonly onTotal?: (total: number) => void;
}

/** A VM list with search, choice of columns and export; its parameters are in the address bar. */
export function VmList({ search, onSearch, hostId, clusterId, empty, onTotal }: Props): ReactElement {
  const styles = useStyles();
  const narrow = useNarrow();
  const fleet = useFleet();
  const { search: words, state, sort } = search;
  const spec = useMemo(
    () =>
      vmListSpec(
        {
          ...(words !== undefined && { search: words }),
          ...(state !== undefined && { state }),
          ...(sort !== undefined && { sort }),
        },
        { ...(hostId !== undefined && { hostId }), ...(clusterId !== undefined && { clusterId }) },
      ),
    [words, state, sort, hostId, clusterId],
  );
  const all = hostId === undefined ? vmColumns : columnsOfHost;
  const [width, measure] = useWidth();
  const choice = useColumnChoice(hostId === undefined ? 'vms' : 'host-vms', all, width - boxSpace);
  const selection = useSelection();
  const text = searchText(search);
  const unknown = unknownStates(search);
  const clear = (): void => onSearch({ search: undefined, state: undefined });
  return (
    <div className={styles.root}>
      <div ref={measure} className={styles.bar} role="search">
        <VmSearch value={text} onSearch={(next) => onSearch(searchOfText(next))} />
        {!narrow && <ColumnMenu all={all} choice={choice} />}
        <ExportButton
          name="virtual-machines"
          columns={vmCsvColumns(fleet, choice.columns)}
          read={() => readVmCsv(fleet, spec, choice.columns)}
        />
      </div>
      {unknown.length > 0 && (
        <div role="status" className={styles.unknown}>
          {texts.unknownStates(unknown)}
        </div>
      )}
      <div className={styles.table}>
        <VmTable
          columns={choice.visible}
          spec={spec}
          onSort={(key: VmSortKey, descending) => onSearch({ sort: (descending ? '-' : '') + key })}
          selection={selection}
          {...(onTotal && { onTotal })}
          empty={text === '' ? empty : <NoMatch search={text} onClear={clear} />}
        />
      </div>
      <BulkBar selection={selection} />
    </div>
  );
}
