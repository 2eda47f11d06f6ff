import { makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, useRef, type ReactElement } from 'react';

const useStyles = makeStyles({
  // The label is the target of the mouse and of touch; the box alone would be too small.
  label: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    width: '32px',
    height: '32px',
    cursor: 'pointer',
    '@media (max-width: 767px)': { width: '44px', height: '44px' },
  },
  box: {
    width: '16px',
    height: '16px',
    margin: 0,
    cursor: 'pointer',
    accentColor: tokens.colorCompoundBrandBackground,
    ':focus-visible': {
      outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: tokens.strokeWidthThin,
    },
  },
});

interface Props {
  readonly label: string;
  readonly checked: boolean;
  /** Some of what the box stands for is selected, but not all. */
  readonly mixed?: boolean;
  readonly onChange?: () => void;
}

const ignore = (): void => undefined;

/**
 * A checkbox in a grid; the grid handles clicks in rows. Native, because a table has one in each row. Tab stops at the
 * row.
 */
export function RowCheckbox({ label, checked, mixed = false, onChange = ignore }: Props): ReactElement {
  const styles = useStyles();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = mixed;
  }, [mixed]);
  return (
    <label className={styles.label}>
      <input
        ref={box}
        type="checkbox"
        className={styles.box}
        aria-label={label}
        tabIndex={-1}
        checked={checked}
        onChange={onChange}
      />
    </label>
  );
}
