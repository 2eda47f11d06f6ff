import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { commands, type VmSummary } from '@aether-v/types';
import { useEffect, useId, type ReactElement } from 'react';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';
import { actionTexts } from './actions.text.ts';

/** Asks for confirmation of a command that can lose data; names the VM in every part that could be read alone. */
export function ConfirmDialog({
  command,
  vm,
  from,
  onAnswer,
}: {
  readonly command: OfferedVmCommand;
  readonly vm: VmSummary;
  /** The element that had the focus, which returns to it afterwards. */
  readonly from: HTMLElement | null;
  readonly onAnswer: (yes: boolean) => void;
}): ReactElement {
  const keep = useId();
  useEffect(() => {
    // The dialog focuses its first button; an accidental Enter must not lose data.
    document.getElementById(keep)?.focus();
    return () => from?.focus();
  }, [keep, from]);
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => !open && onAnswer(false)}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{actionTexts.confirmTitle(command, vm.name)}</DialogTitle>
          <DialogContent>{actionTexts.confirmBody(command, vm)}</DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={() => onAnswer(true)}>
              {`${commands[command].label} ${vm.name}`}
            </Button>
            <Button id={keep} onClick={() => onAnswer(false)}>
              {actionTexts.keep}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
