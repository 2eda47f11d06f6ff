import {
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  mergeClasses,
  tokens,
} from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';

const useStyles = makeStyles({
  // Floats above the dock, so that neither content nor forms move when the notice appears.
  root: {
    position: 'fixed',
    bottom: '3.25rem',
    left: '50%',
    zIndex: 2,
    width: 'max-content',
    maxWidth: 'calc(100vw - 2rem)',
    transform: 'translateX(-50%)',
    borderRadius: tokens.borderRadiusMedium,
    boxShadow: tokens.shadow16,
  },
  onTop: { zIndex: 3 },
});

/** A warning above the dock that stays until its reason is gone. */
export function FloatingNotice({
  title,
  body,
  actions,
  onTop = false,
}: {
  readonly title: string;
  readonly body: string;
  readonly actions?: ReactNode;
  /** True if it covers other notices. */
  readonly onTop?: boolean;
}): ReactElement {
  const styles = useStyles();
  return (
    <MessageBar
      className={mergeClasses(styles.root, onTop && styles.onTop)}
      layout="multiline"
      intent="warning"
      politeness="polite"
    >
      <MessageBarBody>
        <MessageBarTitle>{title}</MessageBarTitle> {body}
      </MessageBarBody>
      {actions !== undefined && <MessageBarActions>{actions}</MessageBarActions>}
    </MessageBar>
  );
}
