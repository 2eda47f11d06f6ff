import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { Fragment, useEffect, useState, type ReactElement } from 'react';
import { Facts } from '../components/facts.tsx';
import { Section } from '../components/section.tsx';
import { shortcutTexts as texts, type ShortcutRow } from './shortcut-help.text.ts';

const useStyles = makeStyles({
  surface: { maxWidth: '52rem' },
  groups: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 20rem), 1fr))',
    gap: tokens.spacingHorizontalL,
  },
  key: {
    display: 'inline-block',
    minWidth: '1.25rem',
    boxSizing: 'border-box',
    padding: `0 ${tokens.spacingHorizontalXS}`,
    borderRadius: tokens.borderRadiusMedium,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke1}`,
    fontFamily: tokens.fontFamilyBase,
    fontSize: tokens.fontSizeBase200,
    textAlign: 'center',
    color: tokens.colorNeutralForeground1,
  },
});

function Keys({ keys, isSequence = false }: ShortcutRow): ReactElement {
  const styles = useStyles();
  return (
    <>
      {keys.map((pressed, alternative) => (
        <Fragment key={pressed.join()}>
          {alternative > 0 && ` ${texts.or} `}
          {pressed.map((key, at) => (
            <Fragment key={key}>
              {at > 0 && (isSequence ? ` ${texts.then} ` : ' + ')}
              <kbd className={styles.key}>{key}</kbd>
            </Fragment>
          ))}
        </Fragment>
      ))}
    </>
  );
}

/** The list of keyboard shortcuts as a dialog, and the function that opens it. */
export function useShortcutHelp(): { readonly dialog: ReactElement | null; readonly open: () => void } {
  /** The element that had the focus, and gets it back. */
  const [from, setFrom] = useState<Element | null>(null);
  return {
    dialog: from && <ShortcutHelp from={from} onClose={() => setFrom(null)} />,
    open: () => setFrom(document.activeElement ?? document.body),
  };
}

function ShortcutHelp({
  from,
  onClose,
}: {
  readonly from: Element;
  readonly onClose: () => void;
}): ReactElement {
  const styles = useStyles();
  useEffect(
    () => () => {
      if (from instanceof HTMLElement) from.focus();
    },
    [from],
  );
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{texts.title}</DialogTitle>
          <DialogContent className={styles.groups}>
            {texts.groups.map(({ title, rows }) => (
              <Section key={title} title={title}>
                <Facts facts={rows.map((row: ShortcutRow) => [row.does, <Keys key={row.does} {...row} />])} />
              </Section>
            ))}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{texts.close}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
