import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    flexShrink: 0,
    gap: tokens.spacingVerticalS,
    padding: `0 ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalM}`,
    ':empty': { display: 'none' },
  },
});

/** The area below a page's title for problems of the object or its data. */
export function Notices({ children }: { readonly children: ReactNode }): ReactElement {
  return <div className={useStyles().root}>{children}</div>;
}
