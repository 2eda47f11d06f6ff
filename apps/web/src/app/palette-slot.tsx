import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import { lazy, Suspense, useEffect, useSyncExternalStore, type ReactElement } from 'react';
import { useNarrow } from '../components/use-media.ts';
import { shellTexts as texts } from './shell.text.ts';

const load = () => import('../palette/palette.tsx');
const Palette = lazy(async () => ({ default: (await load()).Palette }));

let isOpen = false;
/** Typed after the palette was opened and before it was loaded. */
let typedAhead = '';
const listeners = new Set<() => void>();

function setOpen(next: boolean): void {
  if (next && !isOpen) typedAhead = '';
  isOpen = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const useStyles = makeStyles({
  button: {
    justifyContent: 'flex-start',
    minWidth: '15rem',
    fontWeight: tokens.fontWeightRegular,
    color: tokens.colorNeutralForeground2,
  },
  keys: { marginInlineStart: 'auto', paddingInlineStart: tokens.spacingHorizontalL },
});

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Opens the command palette. */
export function PaletteButton(): ReactElement {
  const styles = useStyles();
  const narrow = useNarrow();
  const title = texts.paletteTitle(isMac);
  if (narrow)
    return (
      <Button
        appearance="subtle"
        icon={<SearchRegular />}
        aria-label={texts.palette}
        onClick={() => setOpen(true)}
      />
    );
  return (
    <Button
      className={styles.button}
      icon={<SearchRegular />}
      title={title}
      aria-keyshortcuts={isMac ? 'Meta+K' : 'Control+K'}
      onClick={() => setOpen(true)}
    >
      {texts.palette}
      <span className={styles.keys} aria-hidden>
        {texts.paletteKeys(isMac)}
      </span>
    </Button>
  );
}

/** The command palette while it is open. Ctrl K or Cmd K opens it; its code is loaded when the page is idle. */
export function PaletteSlot(): ReactElement | null {
  const open = useSyncExternalStore(subscribe, () => isOpen);
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => undefined), idleMs);
    const onKey = (event: KeyboardEvent): void => {
      const isShortcut = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
      if (!isShortcut || event.altKey || event.shiftKey) return;
      event.preventDefault();
      // Another dialog waits for an answer first.
      if (document.querySelector('[role=alertdialog]') === null) setOpen(true);
    };
    document.addEventListener('keydown', onKey);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('keydown', onKey);
    };
  }, []);
  if (!open) return null;
  return (
    <Suspense fallback={<TypeAhead />}>
      <Palette initial={() => typedAhead} onClose={() => setOpen(false)} />
    </Suspense>
  );
}

/** Collects what is typed while the palette is being loaded. */
function TypeAhead(): null {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape') setOpen(false);
      else if (event.key === 'Backspace') typedAhead = typedAhead.slice(0, -1);
      else if (event.key.length === 1) typedAhead += event.key;
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener('keydown', onKey, { capture: true });
    return () => document.removeEventListener('keydown', onKey, { capture: true });
  }, []);
  return null;
}

/** The time in milliseconds after which the first page has loaded what it needs. */
const idleMs = 2000;
