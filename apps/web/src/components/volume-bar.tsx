import { makeStyles, ProgressBar, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { formatBytes } from './format.ts';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXS, minWidth: '12rem' },
});

/** The free fraction below which a volume needs attention. */
export const lowSpace = 0.15;

/** The usage of a volume as text and as a bar. */
export function VolumeBar({
  label,
  size,
  free,
  words,
}: {
  readonly label: string;
  readonly size: number;
  readonly free: number;
  readonly words: (free: string, size: string) => string;
}): ReactElement {
  const styles = useStyles();
  const used = size === 0 ? 0 : 1 - free / size;
  return (
    <span className={styles.root}>
      <ProgressBar
        aria-label={label}
        thickness="large"
        value={used}
        color={1 - used < lowSpace ? 'error' : 'brand'}
      />
      {words(formatBytes(free), formatBytes(size))}
    </span>
  );
}
