import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';

const useStyles = makeStyles({ root: { color: tokens.colorNeutralForeground3 } });

/** Replaces a missing value, and explains it on hover and to screen readers. */
export function Dash({ reason }: { readonly reason: string }): ReactElement {
  const styles = useStyles();
  return (
    <span className={styles.root} role="img" aria-label={reason} title={reason}>
      –
    </span>
  );
}
