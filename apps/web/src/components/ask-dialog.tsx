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
import { useEffect, useId, type ReactElement, type ReactNode } from 'react';
import { commonTexts } from './common.text.ts';
import { DangerButton } from './danger-button.tsx';
import { returnFocus } from './page-mount.ts';

const useStyles = makeStyles({
  surface: { maxWidth: '34rem' },
  title: { overflowWrap: 'anywhere' },
  reason: { display: 'block' },
});

/** Asks for a confirmation; the button that confirms says what it does. */
export function AskDialog({
  title,
  confirm,
  cancel = commonTexts.cancel,
  isDangerous,
  reason,
  from,
  onAnswer,
  children,
}: {
  readonly title: string;
  readonly confirm: string;
  readonly cancel?: string;
  /** True if data can be lost. */
  readonly isDangerous: boolean;
  /** The reason why it is no longer possible. */
  readonly reason?: string | undefined;
  /** The element that had the focus, which returns to it afterwards. */
  readonly from: HTMLElement | null;
  readonly onAnswer: (yes: boolean) => void;
  readonly children: ReactNode;
}): ReactElement {
  const styles = useStyles();
  const keep = useId();
  useEffect(() => {
    // A second Enter by accident must not confirm.
    document.getElementById(keep)?.focus();
    return () => returnFocus(from);
  }, [keep, from]);
  const Confirm = isDangerous ? DangerButton : Button;
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => !open && onAnswer(false)}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle className={styles.title}>{title}</DialogTitle>
          <DialogContent>
            {children}
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
              {confirm}
            </Confirm>
            <Button id={keep} onClick={() => onAnswer(false)}>
              {cancel}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
