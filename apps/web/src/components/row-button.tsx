import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ComponentType, MouseEvent, ReactElement } from 'react';

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    boxSizing: 'border-box',
    width: '32px',
    height: '32px',
    '@media (max-width: 767px)': { width: '44px', height: '44px' },
    padding: 0,
    border: 'none',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: 'transparent',
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase500,
    cursor: 'pointer',
    ':hover': {
      backgroundColor: tokens.colorSubtleBackgroundHover,
      color: tokens.colorNeutralForeground2BrandHover,
    },
    ':focus-visible': {
      outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: `calc(-1 * ${tokens.strokeWidthThick})`,
    },
  },
  disabled: {
    cursor: 'not-allowed',
    color: tokens.colorNeutralForegroundDisabled,
    ':hover': { backgroundColor: 'transparent', color: tokens.colorNeutralForegroundDisabled },
  },
});

interface Props {
  readonly icon: ComponentType;
  readonly label: string;
  /** The reason why it is disabled; it stays reachable, so that the reason can be read. */
  readonly reason?: string | undefined;
  readonly hasMenu?: boolean;
  readonly onClick: (event: MouseEvent<HTMLButtonElement>) => void;
}

/**
 * A button with an icon in a row of a grid. Not Fluent's: a table draws dozens at once while it is scrolled. Arrow keys
 * reach it; Tab stops at the row.
 */
export function RowButton({ icon: Icon, label, reason, hasMenu = false, onClick }: Props): ReactElement {
  const styles = useStyles();
  const isDisabled = reason !== undefined;
  return (
    <button
      type="button"
      className={mergeClasses(styles.root, isDisabled && styles.disabled)}
      tabIndex={-1}
      aria-label={label}
      aria-description={reason}
      aria-disabled={isDisabled ? true : undefined}
      aria-haspopup={hasMenu ? 'menu' : undefined}
      title={reason ?? label}
      onClick={(event) => {
        if (!isDisabled) onClick(event);
      }}
    >
      <Icon />
    </button>
  );
}
