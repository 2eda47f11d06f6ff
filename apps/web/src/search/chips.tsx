import { makeStyles, tokens } from '@fluentui/react-components';
import { Dismiss12Regular } from '@fluentui/react-icons/svg/dismiss';
import type { ReactElement, RefObject } from 'react';
import { searchTexts as texts } from './search.text.ts';
import type { Term } from './terms.ts';

const useStyles = makeStyles({
  chip: {
    display: 'inline-flex',
    alignItems: 'center',
    maxWidth: '16rem',
    paddingLeft: tokens.spacingHorizontalS,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    color: tokens.colorNeutralForeground1,
    lineHeight: '24px',
    whiteSpace: 'nowrap',
  },
  chipText: { overflow: 'hidden', textOverflow: 'ellipsis' },
  remove: {
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    width: '24px',
    height: '24px',
    flexShrink: 0,
    padding: 0,
    border: 'none',
    borderRadius: tokens.borderRadiusMedium,
    background: 'none',
    color: 'inherit',
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorNeutralBackground3Hover },
    ':focus-visible': { outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}` },
  },
});

/** Returns a term as people read it. */
export const chipText = ({ key, value }: Term): string => `${key ?? ''}: ${value}`;

/** The chips of a search field. The keyboard reaches them from the field with the left arrow key. */
export function Chips({
  chips,
  list,
  onRemove,
  onFocusAt,
}: {
  readonly chips: readonly Term[];
  readonly list: RefObject<HTMLSpanElement | null>;
  readonly onRemove: (at: number) => void;
  /** Focuses a chip, or the field behind the last one. */
  readonly onFocusAt: (at: number) => void;
}): ReactElement | null {
  const styles = useStyles();
  if (chips.length === 0) return null;
  return (
    <span ref={list} role="list" aria-label={texts.chips} style={{ display: 'contents' }}>
      {chips.map((chip, at) => (
        <span key={chipText(chip)} role="listitem" className={styles.chip}>
          <span className={styles.chipText} title={chipText(chip)}>
            {chipText(chip)}
          </span>
          <button
            type="button"
            tabIndex={-1}
            className={styles.remove}
            aria-label={texts.remove(chipText(chip))}
            onClick={() => onRemove(at)}
            onKeyDown={(event) => {
              if (event.key === 'ArrowLeft') onFocusAt(at - 1);
              else if (event.key === 'ArrowRight') onFocusAt(at + 1);
              else if (event.key === 'Backspace' || event.key === 'Delete') onRemove(at);
              else return;
              event.preventDefault();
            }}
          >
            <Dismiss12Regular aria-hidden />
          </button>
        </span>
      ))}
    </span>
  );
}
