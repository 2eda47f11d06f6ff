import { makeStyles, mergeClasses, tokens, useAnnounce } from '@fluentui/react-components';
import { Search16Regular } from '@fluentui/react-icons/svg/search';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { Chips, chipText } from './chips.tsx';
import { SuggestionList } from './suggestion-list.tsx';
import { suggest, type SearchKey } from './suggestions.ts';
import { searchTexts as texts } from './search.text.ts';
import { useSearchField } from './use-search-field.ts';

const useStyles = makeStyles({
  root: { position: 'relative', flexGrow: 1, flexBasis: '14rem', minWidth: '10rem', maxWidth: '40rem' },
  field: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    minHeight: '32px',
    boxSizing: 'border-box',
    padding: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalS}`,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke1}`,
    borderBottomColor: tokens.colorNeutralStrokeAccessible,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    ':focus-within': {
      borderBottomColor: tokens.colorCompoundBrandStroke,
      boxShadow: `inset 0 -1px 0 ${tokens.colorCompoundBrandStroke}`,
    },
    '@media (max-width: 767px)': { minHeight: '44px' },
  },
  icon: { flexShrink: 0, color: tokens.colorNeutralForeground3 },
  input: {
    flexGrow: 1,
    flexBasis: '6rem',
    minWidth: '4rem',
    border: 'none',
    outlineStyle: 'none',
    padding: 0,
    background: 'none',
    color: tokens.colorNeutralForeground1,
    fontFamily: 'inherit',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    '::placeholder': { color: tokens.colorNeutralForeground4, opacity: 1 },
  },
  help: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
});

interface Props {
  readonly label: string;
  readonly placeholder: string;
  /** The search in the address. */
  readonly value: string;
  readonly onSearch: (search: string) => void;
  readonly keys: readonly SearchKey[];
  /** Called with the text that is being typed. */
  readonly onTyped?: (text: string) => void;
  readonly className?: string;
}

/** A search field whose prefixed terms become chips; it suggests prefixes, and values that are known to the fleet. */
export function ChipSearch(props: Props): ReactElement {
  const { label, placeholder, value, onSearch, keys, onTyped, className } = props;
  const styles = useStyles();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const chipList = useRef<HTMLSpanElement>(null);
  const { announce } = useAnnounce();
  const field = useSearchField(value, onSearch, keys);
  useEffect(() => onTyped?.(field.text), [onTyped, field.text]);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const suggestions = isOpen ? suggest(field.text, keys) : [];
  const shown = Math.min(active, suggestions.length - 1);

  const removeChip = (at: number): void => {
    const chip = field.chips[at];
    field.remove(at);
    input.current?.focus();
    if (chip) announce(texts.removed(chipText(chip)));
  };
  const choose = (at: number): void => {
    const suggestion = suggestions[at];
    if (!suggestion) return;
    field.choose(suggestion);
    setActive(suggestion.kind === 'key' ? 0 : -1);
    setOpen(suggestion.kind === 'key');
    input.current?.focus();
  };
  const focusChip = (at: number): void => {
    const buttons = chipList.current?.querySelectorAll('button');
    const target = at < (buttons?.length ?? 0) ? buttons?.[Math.max(0, at)] : input.current;
    target?.focus();
  };

  const keysOfInput: Record<string, (event: KeyboardEvent<HTMLInputElement>) => boolean> = {
    ArrowDown() {
      setOpen(true);
      setActive(shown + 1 < suggestions.length || !isOpen ? shown + 1 : 0);
      return true;
    },
    ArrowUp() {
      if (!isOpen) return false;
      setActive(shown > 0 ? shown - 1 : suggestions.length - 1);
      return true;
    },
    Enter() {
      if (shown >= 0) choose(shown);
      else {
        field.commit();
        setOpen(false);
      }
      return true;
    },
    Escape() {
      if (!isOpen || suggestions.length === 0) return false;
      setOpen(false);
      return true;
    },
    Backspace({ currentTarget: { selectionStart, selectionEnd } }) {
      if (selectionStart !== 0 || selectionEnd !== 0 || field.chips.length === 0) return false;
      removeChip(field.chips.length - 1);
      return true;
    },
    ArrowLeft({ currentTarget: { selectionStart, selectionEnd } }) {
      if (selectionStart !== 0 || selectionEnd !== 0 || field.chips.length === 0) return false;
      focusChip(field.chips.length - 1);
      return true;
    },
  };

  return (
    <div className={mergeClasses(styles.root, className)}>
      <div
        className={styles.field}
        onClick={(event) => event.target === event.currentTarget && input.current?.focus()}
      >
        <Search16Regular aria-hidden className={styles.icon} />
        <Chips chips={field.chips} list={chipList} onRemove={removeChip} onFocusAt={focusChip} />
        <input
          ref={input}
          data-page-search
          className={styles.input}
          type="text"
          role="combobox"
          autoComplete="off"
          spellCheck={false}
          aria-label={label}
          aria-expanded={suggestions.length > 0}
          aria-controls={suggestions.length > 0 ? `${id}list` : undefined}
          aria-autocomplete="list"
          aria-activedescendant={shown >= 0 ? `${id}option${shown}` : undefined}
          aria-describedby={`${id}help`}
          placeholder={field.chips.length === 0 ? placeholder : undefined}
          value={field.text}
          onChange={({ target }) => {
            field.type(target.value);
            setOpen(target.value.trim() !== '');
            // A value that begins as typed is what Enter means; a word may also be meant as it is.
            setActive(target.value.includes(':') && !/:$|\s$/.test(target.value) ? 0 : -1);
          }}
          onClick={() => setOpen(true)}
          onKeyDown={(event) => {
            if (!event.altKey && !event.ctrlKey && !event.metaKey && keysOfInput[event.key]?.(event))
              event.preventDefault();
          }}
          onBlur={() => {
            setOpen(false);
            field.commit();
          }}
        />
      </div>
      <span id={`${id}help`} className={styles.help}>
        {texts.help}
      </span>
      {suggestions.length > 0 && (
        <SuggestionList id={id} suggestions={suggestions} active={shown} onChoose={choose} />
      )}
    </div>
  );
}
