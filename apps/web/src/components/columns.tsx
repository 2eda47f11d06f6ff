import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 24rem), 1fr))',
    gap: tokens.spacingHorizontalL,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalXL} ${tokens.spacingHorizontalL}`,
  },
  column: { display: 'flex', flexDirection: 'column', gap: tokens.spacingHorizontalL, minWidth: 0 },
});

/** Sections side by side as space permits; those in one row have the same height. */
export function Columns({ children }: { readonly children: ReactNode }): ReactElement {
  return <div className={useStyles().root}>{children}</div>;
}

/** Sections stacked in one of the columns. */
export function Column({ children }: { readonly children: ReactNode }): ReactElement {
  return <div className={useStyles().column}>{children}</div>;
}
