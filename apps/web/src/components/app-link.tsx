import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef, ReactElement } from 'react';

const useStyles = makeStyles({
  root: {
    color: tokens.colorBrandForegroundLink,
    textDecorationLine: 'none',
    borderRadius: tokens.borderRadiusSmall,
    ':hover': { color: tokens.colorBrandForegroundLinkHover, textDecorationLine: 'underline' },
    ':focus-visible': { outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}` },
  },
});

// Not Fluent's Link: its ref type does not match an anchor's, and a table has hundreds of links.
function Anchor({ className, ...props }: ComponentPropsWithRef<'a'>): ReactElement {
  const styles = useStyles();
  return <a {...props} className={mergeClasses(styles.root, className)} />;
}

/** A link inside the console, with Fluent's style and the router's types. */
export const AppLink = createLink(Anchor);
