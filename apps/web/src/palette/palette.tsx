import { makeStyles, tokens } from '@fluentui/react-components';
import { Search20Regular } from '@fluentui/react-icons/svg/search';
import { useNavigate } from '@tanstack/react-router';
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { useVmActions } from '../actions/action-context.ts';
import { useSettled } from '../components/use-settled.ts';
import { cannotRun, type PagePath, type PaletteItem } from './items.ts';
import { PaletteList } from './palette-list.tsx';
import { paletteTexts as texts } from './palette.text.ts';
import { readRecent, remember } from './recent.ts';
import { usePaletteItems } from './use-palette-items.ts';

const useStyles = makeStyles({
  dialog: {
    width: 'min(40rem, calc(100vw - 2rem))',
    maxWidth: 'none',
    maxHeight: 'min(34rem, 70vh)',
    margin: '10vh auto 0',
    padding: 0,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorTransparentStroke}`,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
    boxShadow: tokens.shadow64,
    overflow: 'hidden',
    '::backdrop': { backgroundColor: tokens.colorBackgroundOverlay },
    '@media (max-width: 767px)': { marginTop: tokens.spacingVerticalM },
  },
  root: { display: 'flex', flexDirection: 'column', maxHeight: 'inherit' },
  field: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: `0 ${tokens.spacingHorizontalL}`,
    borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    flexShrink: 0,
  },
  icon: { flexShrink: 0, color: tokens.colorNeutralForeground3 },
  input: {
    flexGrow: 1,
    minWidth: 0,
    height: '48px',
    padding: 0,
    border: 'none',
    outlineStyle: 'none',
    background: 'none',
    color: 'inherit',
    fontFamily: 'inherit',
    fontSize: tokens.fontSizeBase400,
    '::placeholder': { color: tokens.colorNeutralForeground4, opacity: 1 },
  },
  none: {
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    color: tokens.colorNeutralForeground2,
  },
  foot: {
    flexShrink: 0,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL}`,
    borderTop: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    '@media (max-width: 767px)': { display: 'none' },
  },
  count: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
});

/** The pause in typing after which the service is queried, in milliseconds. */
const typedMs = 120;

interface Props {
  /** Returns the text that was typed before the palette was loaded. */
  readonly initial: () => string;
  readonly onClose: () => void;
}

/** Opens objects and runs actions by name, with the keyboard alone. */
export function Palette({ initial, onClose }: Props): ReactElement {
  const styles = useStyles();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const navigate = useNavigate();
  const { run } = useVmActions();
  const [typed, setTyped] = useState(initial);
  const [active, setActive] = useState(0);
  const [recent] = useState(readRecent);
  const { items, isSearching } = usePaletteItems(typed, useSettled(typed, typedMs), recent);
  const shown = Math.min(active, items.length - 1);

  // The browser's own dialog: it keeps the focus inside, and returns it afterwards.
  useLayoutEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);

  const open = (item: Exclude<PaletteItem, { kind: 'action' }>): void => {
    remember(item);
    switch (item.kind) {
      case 'vm':
        return void navigate({ to: '/vms/$vmId', params: { vmId: item.id } });
      case 'host':
        return void navigate({ to: '/hosts/$hostId', params: { hostId: item.id } });
      case 'cluster':
        return void navigate({ to: '/clusters/$clusterId', params: { clusterId: item.id } });
      case 'job':
        return void navigate({ to: '/jobs/$jobId', params: { jobId: item.id } });
      case 'page':
        return void navigate({ to: item.id as PagePath });
    }
  };
  const choose = (item: PaletteItem): void => {
    if (cannotRun(item)) return;
    dialog.current?.close();
    if (item.kind !== 'action') open(item);
    else {
      remember({ kind: 'vm', id: item.vm.id, title: item.vm.name });
      run(item.command, item.vm);
    }
  };
  const moves: Record<string, () => number> = {
    ArrowDown: () => (shown + 1) % Math.max(1, items.length),
    ArrowUp: () => (shown <= 0 ? items.length - 1 : shown - 1),
    PageDown: () => items.length - 1,
    PageUp: () => 0,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = moves[event.key];
    const item = items[shown];
    if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
      event.stopPropagation();
      dialog.current?.close();
    } else if (move) setActive(move());
    else if (event.key === 'Enter' && item) choose(item);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label={texts.title}
      onClose={onClose}
      onKeyDown={onKeyDown}
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}
    >
      <div className={styles.root}>
        <div className={styles.field}>
          <Search20Regular aria-hidden className={styles.icon} />
          <input
            className={styles.input}
            type="text"
            role="combobox"
            autoFocus
            autoComplete="off"
            spellCheck={false}
            aria-label={texts.label}
            aria-expanded={items.length > 0}
            aria-controls={items.length > 0 ? `${id}list` : undefined}
            aria-autocomplete="list"
            aria-activedescendant={items.length > 0 ? `${id}item${shown}` : undefined}
            placeholder={texts.placeholder}
            value={typed}
            onChange={({ target }) => {
              setTyped(target.value);
              setActive(0);
            }}
          />
        </div>
        {items.length > 0 ? (
          <PaletteList id={id} items={items} active={shown} onChoose={choose} />
        ) : (
          <div className={styles.none}>
            {!isSearching && (
              <>
                <strong>{texts.none}</strong>
                <div>{texts.noneBody}</div>
              </>
            )}
          </div>
        )}
        <div className={styles.foot}>{texts.keys}</div>
        <span role="status" className={styles.count}>
          {isSearching ? '' : items.length > 0 ? texts.count(items.length) : texts.none}
        </span>
      </div>
    </dialog>
  );
}
