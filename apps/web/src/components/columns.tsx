import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';

const useStyles = makeStyles({
  root: {
    columnWidth: '24rem',
    columnGap: tokens.spacingHorizontalL,
    '> *': { breakInside: 'avoid', marginBottom: tokens.spacingHorizontalL },
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalM}`,
  },
});

/** Sections beside each other as far as there is room. */
export function Columns({ children }: { readonly children: ReactNode }): ReactElement {
  const styles = useStyles();
  return <div className={styles.root}>{children}</div>;
}
