import { mergeClasses, SkeletonItem } from '@fluentui/react-components';
import type { VmSummary } from '@aether-v/types';
import { memo, type CSSProperties, type ReactElement } from 'react';
import { RowActions } from '../actions/row-actions.tsx';
import { AppLink } from '../components/app-link.tsx';
import { VmStatus } from '../components/vm-status.tsx';
import { useRow } from '../fleet/fleet-context.ts';
import { VmAddress, VmCpu, VmMemory, VmUptime } from './vm-cells.tsx';
import { useRowStyles } from './vm-table.styles.ts';
import { vmTableTexts as texts } from './vm-table.text.ts';

interface Props {
  readonly id: string | null;
  readonly index: number;
  readonly style: CSSProperties;
  readonly narrow: boolean;
  readonly active: boolean;
}

/** The name, which leads to the VM's page; the row is what Tab stops at. */
function VmName({ vm }: { readonly vm: VmSummary }): ReactElement {
  const styles = useRowStyles();
  return (
    <AppLink to="/vms/$vmId" params={{ vmId: vm.id }} className={styles.name} tabIndex={-1} title={vm.name}>
      {vm.name}
    </AppLink>
  );
}

function WideCells({ vm }: { readonly vm: VmSummary }): ReactElement {
  const styles = useRowStyles();
  return (
    <>
      <span role="gridcell" className={styles.cell}>
        <VmName vm={vm} />
      </span>
      <span role="gridcell" className={styles.cell}>
        <VmStatus vm={vm} />
      </span>
      <span role="gridcell" className={styles.cell} title={vm.hostName}>
        {vm.hostName}
      </span>
      <span role="gridcell" className={mergeClasses(styles.cell, styles.number)}>
        {vm.processors}
      </span>
      <span role="gridcell" className={mergeClasses(styles.cell, styles.number)}>
        <VmCpu vm={vm} />
      </span>
      <span role="gridcell" className={mergeClasses(styles.cell, styles.number)}>
        <VmMemory vm={vm} />
      </span>
      <span role="gridcell" className={styles.cell}>
        <VmAddress vm={vm} />
      </span>
      <span role="gridcell" className={mergeClasses(styles.cell, styles.number)}>
        <VmUptime vm={vm} />
      </span>
      <span role="gridcell">
        <RowActions vm={vm} />
      </span>
    </>
  );
}

function CardCells({ vm }: { readonly vm: VmSummary }): ReactElement {
  const styles = useRowStyles();
  return (
    <>
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

/** One VM as a row of the table, or as a card on a phone. */
export const VmRow = memo(function VmRow({ id, index, style, narrow, active }: Props): ReactElement {
  const styles = useRowStyles();
  const vm = useRow('vm', id);
  const className = mergeClasses(narrow ? styles.card : styles.row, vm?.stale ? styles.stale : undefined);
  const rowIndex = index + (narrow ? 1 : 2);
  if (!vm) {
    return (
      <div role="row" aria-rowindex={rowIndex} className={className} style={style}>
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
      data-index={index}
      tabIndex={active ? 0 : -1}
      className={className}
      style={style}
      title={vm.stale ? texts.stale(vm.hostName) : undefined}
    >
      {narrow ? <CardCells vm={vm} /> : <WideCells vm={vm} />}
    </div>
  );
});
