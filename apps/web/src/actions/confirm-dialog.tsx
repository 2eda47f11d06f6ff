import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
} from '@fluentui/react-components';
import { commands, type VmSummary } from '@aether-v/types';
import { useEffect, useId, type ReactElement } from 'react';
import { DangerButton } from '../components/danger-button.tsx';
import { useRow, useShownState } from '../fleet/fleet-context.ts';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';
import { useWhyNot } from '../session/session-context.ts';
import { actionTexts } from './actions.text.ts';
import { vmActionState } from './vm-action.ts';

const useStyles = makeStyles({
  surface: { maxWidth: '30rem' },
  title: { overflowWrap: 'anywhere' },
  reason: { display: 'block' },
});

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
  const styles = useStyles();
  const keep = useId();
  useEffect(() => {
    // The dialog focuses its first button; a second Enter by accident must not interrupt or lose anything.
    document.getElementById(keep)?.focus();
    return () => from?.focus();
  }, [keep, from]);
  // The state may change while the dialog is open.
  const vm = useRow('vm', asked.id) ?? asked;
  const reason = vmActionState(command, vm, useShownState(vm), useWhyNot()).reason ?? undefined;
  const Confirm = commands[command].danger === 'loses-data' ? DangerButton : Button;
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => !open && onAnswer(false)}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle className={styles.title}>{actionTexts.confirmTitle(command, vm)}</DialogTitle>
          <DialogContent>
            {actionTexts.confirmBody(command, vm)}
            {reason !== undefined && (
              <strong role="status" className={styles.reason}>
                {reason}
              </strong>
            )}
          </DialogContent>
          <DialogActions fluid>
            <Confirm
              appearance="primary"
              disabledFocusable={reason !== undefined}
              aria-description={reason}
              onClick={() => onAnswer(true)}
            >
              {actionTexts.label(command, vm)}
            </Confirm>
            <Button id={keep} onClick={() => onAnswer(false)}>
              {actionTexts.keep}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
