import { Menu, MenuItem, MenuList, MenuPopover } from '@fluentui/react-components';
import { ArrowUndoRegular } from '@fluentui/react-icons/svg/arrow-undo';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { RenameRegular } from '@fluentui/react-icons/svg/rename';
import type { Vm } from '@aether-v/types';
import type { ReactElement } from 'react';
import { pageMount } from '../components/page-mount.ts';
import type { ChangeName } from '../vm-forms/changes.ts';
import { useCommandReason } from '../vm-forms/use-command-reason.ts';
import type { CheckpointRow } from './checkpoint-rows.ts';
import { checkpointTexts as texts } from './checkpoints.text.ts';

/** The actions on a checkpoint. */
export type CheckpointAction = 'apply' | 'rename' | 'delete' | 'delete-tree';

/** The command of each action. */
export const actionCommands: Record<CheckpointAction, ChangeName> = {
  apply: 'checkpoint.apply',
  rename: 'checkpoint.rename',
  delete: 'checkpoint.delete',
  'delete-tree': 'checkpoint.delete',
};

type OfCheckpoint = Extract<CheckpointRow, { readonly checkpoint: object }>;

/** The menu of one checkpoint; closing it gives the focus back. */
export function CheckpointMenu({
  vm,
  row,
  at,
  onChoose,
  onClose,
}: {
  readonly vm: Vm;
  readonly row: OfCheckpoint;
  /** The element that the menu belongs to. */
  readonly at: HTMLElement;
  readonly onChoose: (action: CheckpointAction) => void;
  readonly onClose: () => void;
}): ReactElement {
  const reasonOf = useCommandReason(vm);
  const count = row.descendants.length;
  const item = (action: CheckpointAction, label: string, icon: ReactElement): ReactElement => {
    const reason = reasonOf(actionCommands[action]) ?? undefined;
    return (
      <MenuItem
        key={action}
        icon={icon}
        disabled={reason !== undefined}
        aria-description={reason}
        title={reason}
        onClick={() => onChoose(action)}
      >
        {label}
      </MenuItem>
    );
  };
  return (
    <Menu
      open
      mountNode={pageMount()}
      positioning={{ target: at, position: 'below', align: 'end' }}
      onOpenChange={(_, { open }) => {
        if (open) return;
        onClose();
        at.focus();
      }}
    >
      <MenuPopover>
        <MenuList aria-label={texts.actionsFor(row.checkpoint.name)}>
          {item('apply', texts.apply, <ArrowUndoRegular />)}
          {item('rename', texts.rename, <RenameRegular />)}
          {item('delete', texts.deleteOne, <DeleteRegular />)}
          {count > 0 && item('delete-tree', texts.deleteTree(count), <DeleteRegular />)}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
