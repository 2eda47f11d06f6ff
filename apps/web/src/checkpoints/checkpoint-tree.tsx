import { mergeClasses } from '@fluentui/react-components';
import type { Vm } from '@aether-v/types';
import { useMemo, useRef, type ReactElement } from 'react';
import type { CheckpointAction } from './checkpoint-menu.tsx';
import { CheckpointTreeRow } from './checkpoint-row.tsx';
import { checkpointRows, type CheckpointRow } from './checkpoint-rows.ts';
import { checkpointTexts as texts } from './checkpoints.text.ts';
import { useRowStyles } from './row.styles.ts';
import { useRowFocus } from './use-row-focus.ts';

const actionOfKey: Record<string, CheckpointAction> = { F2: 'rename', Delete: 'delete' };

/** The checkpoints as a tree with the current state, as one tab stop. */
export function CheckpointTree({
  vm,
  sizes,
  onMenu,
  onAction,
}: {
  readonly vm: Vm;
  /** Sizes in bytes by the id of the checkpoint. */
  readonly sizes: ReadonlyMap<string, number | null>;
  readonly onMenu: (row: CheckpointRow, at: HTMLElement) => void;
  readonly onAction: (row: CheckpointRow, action: CheckpointAction) => void;
}): ReactElement {
  const styles = useRowStyles();
  const list = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => checkpointRows(vm.checkpoints), [vm.checkpoints]);
  const focus = useRowFocus(
    rows.map(({ checkpoint }) => checkpoint?.id ?? 'now'),
    list,
    (key, index, element) => {
      const row = rows[index];
      if (!row?.checkpoint) return false;
      const action = actionOfKey[key];
      if (action) onAction(row, action);
      else if (key === 'Enter' || key === ' ') onMenu(row, element);
      return action !== undefined || key === 'Enter' || key === ' ';
    },
  );
  return (
    <div role="treegrid" ref={list} aria-label={texts.title} {...focus.handlers}>
      <div role="row" className={mergeClasses(styles.row, styles.header)}>
        <span role="columnheader" className={styles.name}>
          {texts.columns.name}
        </span>
        <span role="columnheader" className={styles.kind}>
          {texts.columns.kind}
        </span>
        <span role="columnheader" className={styles.taken}>
          {texts.columns.taken}
        </span>
        <span role="columnheader" className={styles.size}>
          {texts.columns.size}
        </span>
        <span role="columnheader" className={mergeClasses(styles.actions, styles.hidden)}>
          {texts.columns.actions}
        </span>
      </div>
      {rows.map((row, index) => (
        <CheckpointTreeRow
          key={row.checkpoint?.id ?? 'now'}
          row={row}
          vm={vm}
          size={(row.checkpoint && sizes.get(row.checkpoint.id)) ?? null}
          index={index}
          isActive={index === focus.active}
          onMenu={onMenu}
        />
      ))}
    </div>
  );
}
