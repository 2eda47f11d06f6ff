import { commands, type VmSummary } from '@aether-v/types';
import type { ReactElement } from 'react';
import { AskDialog } from '../components/ask-dialog.tsx';
import { useRow, useShownState } from '../fleet/fleet-context.ts';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';
import { useWhyNot } from '../session/session-context.ts';
import { actionTexts } from './actions.text.ts';
import { vmActionState } from './vm-action.ts';

/**
 * Asks for confirmation of a command that interrupts services or can lose data; names the VM and its host in every part
 * that could be read alone.
 */
export function ConfirmDialog({
  command,
  vm: asked,
  from,
  onAnswer,
}: {
  readonly command: OfferedVmCommand;
  /** The VM as it was when the command was chosen. */
  readonly vm: VmSummary;
  /** The element that had the focus, which returns to it afterwards. */
  readonly from: HTMLElement | null;
  readonly onAnswer: (yes: boolean) => void;
}): ReactElement {
  // The state may change while the dialog is open.
  const vm = useRow('vm', asked.id) ?? asked;
  const reason = vmActionState(command, vm, useShownState(vm), useWhyNot()).reason ?? undefined;
  return (
    <AskDialog
      title={actionTexts.confirmTitle(command, vm)}
      confirm={actionTexts.label(command, vm)}
      cancel={actionTexts.keep}
      isDangerous={commands[command].danger === 'loses-data'}
      reason={reason}
      from={from}
      onAnswer={onAnswer}
    >
      {actionTexts.confirmBody(command, vm)}
    </AskDialog>
  );
}
