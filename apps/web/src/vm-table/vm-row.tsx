import { mergeClasses, SkeletonItem } from '@fluentui/react-components';
import type { VmSummary } from '@aether-v/types';
import { memo, type CSSProperties, type ReactElement } from 'react';
import { RowActions } from '../actions/row-actions.tsx';
import { VmStatus } from '../components/vm-status.tsx';
import { useRow } from '../fleet/fleet-context.ts';
import { RowCheckbox } from './row-checkbox.tsx';
import { VmCpu, VmMemory, VmName } from './vm-cells.tsx';
import { vmTracks, type VmColumn } from './vm-columns.tsx';
import { useRowStyles } from './vm-table.styles.ts';
import { vmTableTexts as texts } from './vm-table.text.ts';

interface Props {
  readonly columns: readonly VmColumn[];
  readonly id: string | null;
  readonly index: number;
  readonly style: CSSProperties;
  readonly narrow: boolean;
  readonly active: boolean;
  readonly selected: boolean;
}

interface CellsProps {
  readonly vm: VmSummary;
  readonly selected: boolean;
}

function WideCells({
  vm,
  selected,
  columns,
}: CellsProps & { readonly columns: readonly VmColumn[] }): ReactElement {
  const styles = useRowStyles();
  return (
    <>
      <span role="gridcell">
        <RowCheckbox label={texts.select(vm.name)} checked={selected} />
      </span>
      {columns.map(({ name, numeric, Cell }) => (
        <span
          key={name}
          role="gridcell"
          className={name === 'actions' ? undefined : mergeClasses(styles.cell, numeric && styles.number)}
        >
          <Cell vm={vm} />
        </span>
      ))}
    </>
  );
}

function CardCells({ vm, selected }: CellsProps): ReactElement {
  const styles = useRowStyles();
  return (
    <>
      <span role="gridcell" className={styles.cardSelect}>
        <RowCheckbox label={texts.select(vm.name)} checked={selected} />
      </span>
      <span role="gridcell" className={styles.cardName}>
        <VmName vm={vm} />
      </span>
      <span role="gridcell" className={styles.cardActions}>
        <RowActions vm={vm} />
      </span>
      <span role="gridcell" className={styles.cardState}>
        <VmStatus vm={vm} />
      </span>
      <span role="gridcell" className={styles.cardFacts}>
        <span>{vm.hostName}</span>
        <VmCpu vm={vm} />
        <span>
          <VmMemory vm={vm} />
        </span>
      </span>
    </>
  );
}

/** One VM as a table row, or as a card on a phone. */
export const VmRow = memo(function VmRow(props: Props): ReactElement {
  const { columns, id, index, style, narrow, active, selected } = props;
  const styles = useRowStyles();
  const vm = useRow('vm', id);
  const className = mergeClasses(
    narrow ? styles.card : styles.row,
    vm?.stale ? styles.stale : undefined,
    selected && styles.selected,
  );
  const rowIndex = index + (narrow ? 1 : 2);
  const at = narrow ? style : { ...style, gridTemplateColumns: vmTracks(columns) };
  if (!vm) {
    return (
      <div role="row" aria-rowindex={rowIndex} className={className} style={at}>
        <span role="gridcell" className={styles.skeleton}>
          {id === null ? <SkeletonItem /> : texts.gone}
        </span>
      </div>
    );
  }
  return (
    <div
      role="row"
      aria-rowindex={rowIndex}
      aria-selected={selected}
      data-index={index}
      data-key={vm.id}
      tabIndex={active ? 0 : -1}
      className={className}
      style={at}
      title={vm.stale ? texts.stale(vm.hostName) : undefined}
    >
      {narrow ? (
        <CardCells vm={vm} selected={selected} />
      ) : (
        <WideCells vm={vm} selected={selected} columns={columns} />
      )}
    </div>
  );
});
