import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  mergeClasses,
  tokens,
} from '@fluentui/react-components';
import type { KeyboardEvent, ReactElement, ReactNode } from 'react';
import { commonTexts } from '../components/common.text.ts';
import { DangerButton } from '../components/danger-button.tsx';

const useStyles = makeStyles({
  surface: { maxWidth: '36rem' },
  title: { overflowWrap: 'anywhere' },
  content: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    // It scrolls instead of squeezing what is in it.
    '& > *': { flexShrink: 0 },
  },
  // A label names the result, so it may be long: buttons keep their height and wrap as a whole.
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'end',
    gap: tokens.spacingHorizontalS,
    '@media (max-width: 480px)': { flexDirection: 'column', alignItems: 'stretch' },
  },
});

interface Props {
  readonly title: string;
  /** True if it asks to confirm a loss (role `alertdialog`). */
  readonly isAlert: boolean;
  readonly isDangerous?: boolean | undefined;
  /** The label of the button, which names the result. */
  readonly submit: string;
  readonly canSubmit: boolean;
  /** The reason why the button is disabled. */
  readonly reason: string | undefined;
  readonly cancelId?: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
}

/** Enter submits from text fields only: on a box, people expect it to change the choice, or nothing. */
function keepChoice(event: KeyboardEvent): void {
  const { target, key } = event;
  const isChoice =
    target instanceof HTMLInputElement && (target.type === 'checkbox' || target.type === 'radio');
  if (key === 'Enter' && isChoice) event.preventDefault();
}

/** A dialog with a form, whose button names the result. Enter in a text field submits it. */
export function FormDialog(props: Props): ReactElement {
  const { title, isAlert, isDangerous, submit, canSubmit, reason, onSubmit, onClose } = props;
  const styles = useStyles();
  const Submit = isDangerous ? DangerButton : Button;
  return (
    <Dialog
      open
      modalType={isAlert ? 'alert' : 'modal'}
      onOpenChange={(_, { open, type }) => !open && type !== 'backdropClick' && onClose()}
    >
      <DialogSurface className={mergeClasses(styles.surface, props.className)} aria-label={title}>
        <form
          noValidate
          onKeyDown={keepChoice}
          onSubmit={(event) => {
            event.preventDefault();
            void onSubmit();
          }}
        >
          <DialogBody>
            <DialogTitle className={styles.title}>{title}</DialogTitle>
            <DialogContent className={styles.content}>{props.children}</DialogContent>
            <DialogActions fluid className={styles.actions}>
              <Submit
                type="submit"
                appearance="primary"
                disabledFocusable={!canSubmit}
                title={reason}
                aria-description={reason}
              >
                {submit}
              </Submit>
              <Button id={props.cancelId} onClick={onClose}>
                {commonTexts.cancel}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
