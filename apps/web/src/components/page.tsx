import { makeStyles, mergeClasses, Title3, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { useWindowTitle } from './use-window-title.ts';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', minHeight: 0, height: '100%' },
  header: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXL}`,
  },
  title: { margin: 0, overflowWrap: 'anywhere' },
  beside: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    color: tokens.colorNeutralForeground2,
  },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, marginLeft: 'auto' },
  body: { flexGrow: 1, minHeight: 0, position: 'relative' },
  scrolls: { overflowY: 'auto' },
  fills: { display: 'flex', flexDirection: 'column', overflowY: 'hidden' },
});

/** A page: its title with adjacent elements, actions on the right, and content that scrolls independently. */
export function Page({
  title,
  beside,
  actions,
  children,
  scrolls = true,
}: {
  readonly title: string;
  readonly beside?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** False if the content scrolls itself. */
  readonly scrolls?: boolean;
}): ReactElement {
  const styles = useStyles();
  useWindowTitle(title);
  return (
    <div className={styles.root}>
      <header className={styles.header}>
        <Title3 as="h1" className={styles.title}>
          {title}
        </Title3>
        {beside && <div className={styles.beside}>{beside}</div>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={mergeClasses(styles.body, scrolls ? styles.scrolls : styles.fills)}>{children}</div>
    </div>
  );
}
