import { CameraRegular } from '@fluentui/react-icons/svg/camera';
import { useQuery } from '@tanstack/react-query';
import type { Vm } from '@aether-v/types';
import { useState, type ReactElement } from 'react';
import { Section } from '../components/section.tsx';
import { Stack } from '../components/stack.tsx';
import { CommandButton } from '../vm-forms/command-button.tsx';
import { useCommandReason } from '../vm-forms/use-command-reason.ts';
import {
  ApplyCheckpointDialog,
  DeleteCheckpointDialog,
  RenameCheckpointDialog,
  TakeCheckpointDialog,
} from './checkpoint-dialogs.tsx';
import { actionCommands, CheckpointMenu, type CheckpointAction } from './checkpoint-menu.tsx';
import type { CheckpointRow } from './checkpoint-rows.ts';
import { CheckpointTree } from './checkpoint-tree.tsx';
import { checkpointSizesQuery } from './sizes-query.ts';
import { checkpointTexts as texts } from './checkpoints.text.ts';

type OfCheckpoint = Extract<CheckpointRow, { readonly checkpoint: object }>;

type Open =
  | { readonly action: 'take' }
  | { readonly action: 'menu'; readonly row: OfCheckpoint; readonly at: HTMLElement }
  | { readonly action: CheckpointAction; readonly row: OfCheckpoint };

function OpenForm({
  vm,
  open,
  onOpen,
}: {
  readonly vm: Vm;
  readonly open: Open;
  readonly onOpen: (next: (open: Open | null) => Open | null) => void;
}): ReactElement {
  const onClose = (): void => onOpen(() => null);
  if (open.action === 'take') return <TakeCheckpointDialog vm={vm} onClose={onClose} />;
  const { row } = open;
  if (open.action === 'menu')
    return (
      <CheckpointMenu
        vm={vm}
        row={row}
        at={open.at}
        onChoose={(action) => onOpen(() => ({ action, row }))}
        // An item that was chosen has already opened its form.
        onClose={() => onOpen((now) => (now?.action === 'menu' ? null : now))}
      />
    );
  const of = { vm, checkpoint: row.checkpoint, onClose };
  if (open.action === 'apply') return <ApplyCheckpointDialog {...of} />;
  if (open.action === 'rename') return <RenameCheckpointDialog {...of} />;
  return (
    <DeleteCheckpointDialog {...of} descendants={row.descendants} subtree={open.action === 'delete-tree'} />
  );
}

const noSizes: ReadonlyMap<string, number | null> = new Map();

/** The checkpoints of a VM as a tree, with their actions. */
export function CheckpointsTab({ vm }: { readonly vm: Vm }): ReactElement {
  const [open, setOpen] = useState<Open | null>(null);
  const reasonOf = useCommandReason(vm);
  const sizes = useQuery({
    ...checkpointSizesQuery(vm.id),
    // An unreachable host cannot report the sizes.
    enabled: vm.checkpoints.length > 0 && vm.stale === null,
  });
  return (
    <Stack>
      <Section
        title={texts.title}
        actions={
          <CommandButton
            vm={vm}
            command="checkpoint.create"
            whyNot={vm.checkpointType === 'Disabled' ? texts.disabled : null}
            appearance="primary"
            icon={<CameraRegular />}
            onClick={() => setOpen({ action: 'take' })}
          >
            {texts.take}
          </CommandButton>
        }
      >
        {vm.checkpoints.length === 0 ? (
          texts.none
        ) : (
          <CheckpointTree
            vm={vm}
            sizes={sizes.data ?? noSizes}
            onMenu={(row, at) => row.checkpoint && setOpen({ action: 'menu', row, at })}
            onAction={(row, action) => {
              if (row.checkpoint && reasonOf(actionCommands[action]) === null) setOpen({ action, row });
            }}
          />
        )}
      </Section>
      {open && <OpenForm vm={vm} open={open} onOpen={setOpen} />}
    </Stack>
  );
}
