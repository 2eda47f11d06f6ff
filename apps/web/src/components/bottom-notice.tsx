import {
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';

const useStyles = makeStyles({
  // Below the page, which only becomes shorter: nothing in it moves, and nothing is covered.
  root: { flexShrink: 0, borderRadius: 0, borderInlineStyle: 'none', borderBottomStyle: 'none' },
});

/** A warning between the page and the dock that stays until its reason is gone. */
export function BottomNotice({
  title,
  body,
  actions,
}: {
  readonly title: string;
  readonly body: string;
  readonly actions?: ReactNode;
}): ReactElement {
  const styles = useStyles();
  return (
    <MessageBar className={styles.root} layout="multiline" intent="warning" politeness="polite">
      <MessageBarBody>
        <MessageBarTitle>{title}</MessageBarTitle> {body}
      </MessageBarBody>
      {actions !== undefined && <MessageBarActions>{actions}</MessageBarActions>}
    </MessageBar>
  );
}
