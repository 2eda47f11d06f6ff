import { makeStyles, Skeleton, SkeletonItem, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { commonTexts } from './common.text.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    padding: tokens.spacingHorizontalXL,
  },
});

/** The placeholder of a page that is being loaded. */
export function PageSkeleton(): ReactElement {
  const styles = useStyles();
  return (
    <Skeleton className={styles.root} aria-label={commonTexts.loading}>
      <SkeletonItem size={28} style={{ width: '16rem' }} />
      <SkeletonItem size={16} />
      <SkeletonItem size={16} />
      <SkeletonItem size={16} />
    </Skeleton>
  );
}
