import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: tokens.spacingHorizontalL,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalXL}`,
  },
});

/** Stacked sections that use the available width. */
export function Stack({ children }: { readonly children: ReactNode }): ReactElement {
  const styles = useStyles();
  return <div className={styles.root}>{children}</div>;
}
