import { Body1, makeStyles, Subtitle2, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: tokens.spacingVerticalS,
    maxWidth: '60ch',
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXL}`,
  },
  title: { margin: 0 },
  body: { margin: 0, color: tokens.colorNeutralForeground2 },
});

/** Replaces missing content: its subject, the reason, and what to do. */
export function Message({
  title,
  children,
  action,
}: {
  readonly title?: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}): ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.root}>
      {title && (
        <Subtitle2 as="h2" className={styles.title}>
          {title}
        </Subtitle2>
      )}
      {children && (
        <Body1 as="p" className={styles.body}>
          {children}
        </Body1>
      )}
      {action}
    </div>
  );
}
