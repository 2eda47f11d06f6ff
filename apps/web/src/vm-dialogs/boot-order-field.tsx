import { Button, makeStyles, tokens, useAnnounce } from '@fluentui/react-components';
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down';
import { ArrowUpRegular } from '@fluentui/react-icons/svg/arrow-up';
import { useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { settingLabels, settingsTexts as texts } from './settings.text.ts';

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none' },
  item: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    borderTop: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke3}`,
    ':first-child': { borderTopStyle: 'none' },
  },
  name: {
    flexGrow: 1,
    minWidth: 0,
    justifyContent: 'flex-start',
    textAlign: 'start',
    overflowWrap: 'anywhere',
    fontWeight: tokens.fontWeightRegular,
  },
});

/** Returns the list with one element moved. */
function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const item = list[from];
  return item === undefined ? list : list.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** The boot order as a list, one tab stop: arrow keys move the focus, and with Alt the device. */
export function BootOrderField({
  devices,
  nameOf,
  onChange,
}: {
  /** Ids of drives and adapters, first to last. */
  readonly devices: readonly string[];
  readonly nameOf: (id: string) => string;
  readonly onChange: (devices: readonly string[]) => void;
}): ReactElement {
  const styles = useStyles();
  const { announce } = useAnnounce();
  const list = useRef<HTMLOListElement>(null);
  const [active, setActive] = useState(0);
  const move = (from: number, to: number): void => {
    const id = devices[from];
    if (id === undefined || to < 0 || to >= devices.length) return;
    onChange(moved(devices, from, to));
    setActive(to);
    announce(texts.moved(nameOf(id), to + 1, devices.length));
  };
  const focus = (index: number): void => {
    const next = Math.max(0, Math.min(devices.length - 1, index));
    setActive(next);
    list.current?.querySelectorAll<HTMLElement>('[data-device]')[next]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step === 0) return;
    event.preventDefault();
    if (event.altKey) move(index, index + step);
    else focus(index + step);
  };
  return (
    <ol ref={list} className={styles.list} aria-label={settingLabels.bootOrder}>
      {devices.map((id, index) => (
        <li key={id} className={styles.item}>
          <Button
            appearance="subtle"
            className={styles.name}
            data-device
            tabIndex={index === active ? 0 : -1}
            aria-description={texts.bootHint}
            onFocus={() => setActive(index)}
            onKeyDown={(event) => onKeyDown(event, index)}
          >
            {`${index + 1}. ${nameOf(id)}`}
          </Button>
          <Button
            appearance="subtle"
            icon={<ArrowUpRegular />}
            tabIndex={-1}
            aria-label={texts.moveUp(nameOf(id))}
            title={texts.moveUp(nameOf(id))}
            disabled={index === 0}
            onClick={() => move(index, index - 1)}
          />
          <Button
            appearance="subtle"
            icon={<ArrowDownRegular />}
            tabIndex={-1}
            aria-label={texts.moveDown(nameOf(id))}
            title={texts.moveDown(nameOf(id))}
            disabled={index === devices.length - 1}
            onClick={() => move(index, index + 1)}
          />
        </li>
      ))}
    </ol>
  );
}
