import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { Apps16Regular } from '@fluentui/react-icons/svg/apps';
import { Organization16Regular } from '@fluentui/react-icons/svg/organization';
import { Server16Regular } from '@fluentui/react-icons/svg/server';
import { TaskListLtr20Regular } from '@fluentui/react-icons/svg/task-list-ltr';
import { Desktop16Regular } from '@fluentui/react-icons/svg/desktop';
import { useEffect, useRef, type ComponentType, type ReactElement } from 'react';
import { actionIcons } from '../actions/icons.tsx';
import { Status } from '../components/status.tsx';
import { cannotRun, type PaletteItem } from './items.ts';
import { paletteTexts as texts } from './palette.text.ts';

const useStyles = makeStyles({
  list: { overflowY: 'auto', minHeight: 0, padding: tokens.spacingVerticalXS },
  item: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, auto) minmax(0, 1fr) auto',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalS,
    minHeight: '36px',
    padding: `0 ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    cursor: 'pointer',
    '@media (max-width: 767px)': { minHeight: '44px' },
  },
  active: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}`,
    outlineOffset: '-2px',
  },
  disabled: { cursor: 'default', color: tokens.colorNeutralForeground3 },
  icon: { display: 'inline-flex', justifyContent: 'center', '& > svg': { width: '16px', height: '16px' } },
  title: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  detail: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
  },
});

type Icon = ComponentType<{ 'aria-hidden'?: boolean }>;

const icons: Record<Exclude<PaletteItem['kind'], 'action'>, Icon> = {
  vm: Desktop16Regular,
  host: Server16Regular,
  cluster: Organization16Regular,
  job: TaskListLtr20Regular,
  page: Apps16Regular,
};

function ItemIcon({ item }: { readonly item: PaletteItem }): ReactElement {
  const Icon: Icon = item.kind === 'action' ? actionIcons[item.command] : icons[item.kind];
  return <Icon aria-hidden />;
}

/** The entries of the palette; the focus stays in its field. */
export function PaletteList({
  id,
  items,
  active,
  onChoose,
}: {
  readonly id: string;
  readonly items: readonly PaletteItem[];
  readonly active: number;
  readonly onChoose: (item: PaletteItem) => void;
}): ReactElement {
  const styles = useStyles();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active, items]);
  return (
    <div ref={list} id={`${id}list`} role="listbox" aria-label={texts.results} className={styles.list}>
      {items.map((item, at) => (
        <div
          key={item.key}
          id={`${id}item${at}`}
          role="option"
          aria-selected={at === active}
          aria-disabled={cannotRun(item)}
          title={item.detail}
          className={mergeClasses(
            styles.item,
            at === active && styles.active,
            cannotRun(item) && styles.disabled,
          )}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(item)}
        >
          <span className={styles.icon}>
            <ItemIcon item={item} />
          </span>
          <span className={styles.title}>{item.title}</span>
          <span className={styles.detail}>{item.detail}</span>
          {item.view && <Status view={item.view} iconOnly />}
        </div>
      ))}
    </div>
  );
}
