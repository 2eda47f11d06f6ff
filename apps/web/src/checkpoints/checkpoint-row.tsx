import { Badge, Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal';
import type { Vm } from '@aether-v/types';
import type { CSSProperties, ReactElement } from 'react';
import { Dash } from '../components/dash.tsx';
import { formatBytes } from '../components/format.ts';
import { Ago } from '../components/time.tsx';
import { VmStatus } from '../components/vm-status.tsx';
import type { CheckpointRow } from './checkpoint-rows.ts';
import { checkpointKindWords, checkpointTexts as texts } from './checkpoints.text.ts';
import { useRowStyles } from './row.styles.ts';

/** Deeper levels are not indented further, so that a long chain stays readable. */
const deepest = 8;

const useStyles = makeStyles({
  name: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, minWidth: 0 },
  text: { minWidth: 0, overflowWrap: 'anywhere' },
  now: { fontWeight: tokens.fontWeightSemibold },
  // The line from the parent, to the left of the name.
  branch: {
    flexShrink: 0,
    width: tokens.spacingHorizontalM,
    height: '0.875rem',
    marginBottom: '0.5rem',
    borderLeft: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke1}`,
    borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke1}`,
  },
  quiet: { color: tokens.colorNeutralForeground3 },
});

function Name({ row, vm }: { readonly row: CheckpointRow; readonly vm: Vm }): ReactElement {
  const styles = useStyles();
  const { checkpoint } = row;
  return (
    <span className={styles.name}>
      {row.depth > 0 && <span className={styles.branch} aria-hidden />}
      <span className={mergeClasses(styles.text, !checkpoint && styles.now)}>
        {checkpoint ? checkpoint.name : texts.now}
      </span>
      {checkpoint?.automatic && <Badge appearance="tint">{texts.automatic}</Badge>}
      {!checkpoint && <VmStatus vm={vm} />}
    </span>
  );
}

/** One row of the tree: a checkpoint with its actions, or the current state. */
export function CheckpointTreeRow({
  row,
  vm,
  size,
  index,
  isActive,
  onMenu,
}: {
  readonly row: CheckpointRow;
  readonly vm: Vm;
  /** The size of its disks in bytes; null if it is not known. */
  readonly size: number | null;
  readonly index: number;
  /** True for the only row in the tab order. */
  readonly isActive: boolean;
  readonly onMenu: (row: CheckpointRow, at: HTMLElement) => void;
}): ReactElement {
  const styles = useStyles();
  const cells = useRowStyles();
  const { checkpoint } = row;
  return (
    <div
      role="row"
      className={cells.row}
      style={{ '--indent': Math.max(0, Math.min(row.depth, deepest) - 1) } as CSSProperties}
      aria-level={row.depth + 1}
      data-row={index}
      tabIndex={isActive ? 0 : -1}
      onContextMenu={(event) => {
        if (!checkpoint) return;
        event.preventDefault();
        onMenu(row, event.currentTarget);
      }}
    >
      <span role="gridcell" className={cells.name}>
        <Name row={row} vm={vm} />
      </span>
      <span role="gridcell" className={mergeClasses(cells.kind, styles.quiet)}>
        {checkpoint && (checkpoint.type === null ? texts.notReported : checkpointKindWords[checkpoint.type])}
      </span>
      <span role="gridcell" className={cells.taken}>
        {checkpoint &&
          (checkpoint.createdAt === null ? (
            <Dash reason={texts.notReported} />
          ) : (
            <Ago moment={checkpoint.createdAt} />
          ))}
      </span>
      <span role="gridcell" className={cells.size}>
        {checkpoint && (size === null ? <Dash reason={texts.sizeUnknown} /> : formatBytes(size))}
      </span>
      <span role="gridcell" className={cells.actions}>
        {checkpoint && (
          <Button
            appearance="subtle"
            icon={<MoreHorizontalRegular />}
            tabIndex={-1}
            aria-label={texts.actionsFor(checkpoint.name)}
            title={texts.actionsFor(checkpoint.name)}
            aria-haspopup="menu"
            onClick={(event) => onMenu(row, event.currentTarget)}
          />
        )}
      </span>
    </div>
  );
}
