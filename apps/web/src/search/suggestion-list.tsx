import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { searchTexts as texts } from './search.text.ts';
import type { Suggestion } from './suggestions.ts';

const useStyles = makeStyles({
  list: {
    position: 'absolute',
    insetInlineStart: 0,
    top: 'calc(100% + 2px)',
    zIndex: 3,
    minWidth: '16rem',
    maxWidth: 'min(28rem, 90vw)',
    maxHeight: '20rem',
    overflowY: 'auto',
    margin: 0,
    padding: tokens.spacingVerticalXS,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow16,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorTransparentStroke}`,
  },
  option: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    minHeight: '32px',
    padding: `0 ${tokens.spacingHorizontalS}`,
    borderRadius: tokens.borderRadiusMedium,
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    '@media (max-width: 767px)': { minHeight: '44px' },
  },
  active: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}`,
    outlineOffset: '-2px',
  },
  key: { fontWeight: tokens.fontWeightSemibold },
  value: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  meaning: {
    marginInlineStart: 'auto',
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    whiteSpace: 'nowrap',
  },
});

/** The suggestions below a search field; the focus stays in the field. */
export function SuggestionList({
  id,
  suggestions,
  active,
  onChoose,
}: {
  readonly id: string;
  readonly suggestions: readonly Suggestion[];
  readonly active: number;
  readonly onChoose: (at: number) => void;
}): ReactElement {
  const styles = useStyles();
  return (
    <div id={`${id}list`} role="listbox" aria-label={texts.suggestions} className={styles.list}>
      {suggestions.map((suggestion, at) => (
        <div
          key={suggestion.kind === 'key' ? suggestion.key : suggestion.value}
          id={`${id}option${at}`}
          role="option"
          aria-selected={at === active}
          className={mergeClasses(styles.option, at === active && styles.active)}
          // The field keeps the focus, whose loss would close the list before the click.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(at)}
        >
          {suggestion.kind === 'key' ? (
            <>
              <span className={styles.key}>{suggestion.key}:</span>
              <span className={styles.meaning}>{suggestion.meaning}</span>
            </>
          ) : (
            <span className={styles.value}>{suggestion.value}</span>
          )}
        </div>
      ))}
    </div>
  );
}
