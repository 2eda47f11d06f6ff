import {
  Button,
  makeStyles,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  tokens,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal';
import { commands } from '@aether-v/types';
import { useMemo, useState, useSyncExternalStore, type ReactElement } from 'react';
import { actionIcons } from '../actions/icons.tsx';
import { AskDialog } from '../components/ask-dialog.tsx';
import { useNarrow } from '../components/use-media.ts';
import { rowOf, shownState } from '../fleet/cache.ts';
import { useFleet } from '../fleet/fleet-context.ts';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';
import { useWhyNot } from '../session/session-context.ts';
import type { Selection } from '../vm-table/use-selection.ts';
import { bulkActions, type BulkAction } from './bulk-actions.ts';
import { bulkTexts as texts } from './bulk.text.ts';
import { useBulk } from './use-bulk.tsx';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    flexShrink: 0,
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXL}`,
    borderTop: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
    boxShadow: tokens.shadow8,
    zIndex: 1,
  },
  count: { fontWeight: tokens.fontWeightSemibold, whiteSpace: 'nowrap' },
  end: { marginInlineStart: 'auto' },
  why: { flexBasis: '100%', fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  above: { zIndex: 3 },
  list: {
    maxHeight: '14rem',
    overflowY: 'auto',
    margin: `${tokens.spacingVerticalS} 0`,
    paddingInlineStart: tokens.spacingHorizontalXL,
  },
  host: { color: tokens.colorNeutralForeground2 },
  text: { margin: 0 },
});

/** The actions that are shown as buttons; the menu contains the others. */
const buttonsWide: readonly OfferedVmCommand[] = ['vm.start', 'vm.shutdown', 'vm.restart', 'vm.stop'];
const buttonsNarrow: readonly OfferedVmCommand[] = ['vm.start'];

/** The bar below a list of VMs while some are selected: for how many of them each action is possible. */
export function BulkBar({ selection }: { readonly selection: Selection }): ReactElement | null {
  return selection.ids.size === 0 ? null : <OpenBar selection={selection} />;
}

function OpenBar({ selection }: { readonly selection: Selection }): ReactElement {
  const styles = useStyles();
  const narrow = useNarrow();
  const fleet = useFleet();
  const whyNot = useWhyNot();
  const cache = useSyncExternalStore(fleet.subscribe, () => fleet.cache);
  const run = useBulk(selection.set);
  const [asking, setAsking] = useState<{ readonly action: BulkAction; readonly from: HTMLElement } | null>(
    null,
  );
  const vms = useMemo(
    () => [...selection.ids].flatMap((id) => rowOf(cache, 'vm', id) ?? []),
    [selection.ids, cache],
  );
  const actions = bulkActions(vms, (vm) => shownState(cache, vm), whyNot);
  const buttons = narrow ? buttonsNarrow : buttonsWide;
  // A phone has no tooltips.
  const partial = actions
    .filter(({ command, leftOut }) => buttons.includes(command) && leftOut.length > 0)
    .map(({ summary }) => summary);
  const choose = (action: BulkAction, from: HTMLElement): void => {
    if (commands[action.command].danger === 'none') void run(action.command, action.vms);
    else setAsking({ action, from });
  };
  return (
    <section className={styles.root} aria-label={texts.bar}>
      <span className={styles.count} role="status">
        {texts.selected(selection.ids.size)}
      </span>
      {actions
        .filter(({ command }) => buttons.includes(command))
        .map((action) => {
          const Icon = actionIcons[action.command];
          return (
            <Button
              key={action.command}
              icon={<Icon />}
              title={action.reason ?? action.summary}
              aria-description={action.reason ?? action.summary}
              disabledFocusable={action.reason !== null}
              onClick={({ currentTarget }) => choose(action, currentTarget)}
            >
              {texts.button(action.command, action.vms.length, vms.length)}
            </Button>
          );
        })}
      <Menu inline>
        <MenuTrigger disableButtonEnhancement>
          <Button icon={<MoreHorizontalRegular />} aria-label={texts.moreActions} title={texts.moreActions} />
        </MenuTrigger>
        <MenuPopover className={styles.above}>
          <MenuList aria-label={texts.moreActions}>
            {actions
              .filter(({ command }) => !buttons.includes(command))
              .map((action) => {
                const Icon = actionIcons[action.command];
                return (
                  <MenuItem
                    key={action.command}
                    icon={<Icon />}
                    disabled={action.reason !== null}
                    title={action.reason ?? action.summary}
                    onClick={({ currentTarget }) => choose(action, currentTarget)}
                  >
                    {action.summary}
                  </MenuItem>
                );
              })}
          </MenuList>
        </MenuPopover>
      </Menu>
      <Button
        className={styles.end}
        appearance="subtle"
        icon={<DismissRegular />}
        aria-label={narrow ? texts.clear : undefined}
        onClick={selection.clear}
      >
        {narrow ? undefined : texts.clear}
      </Button>
      {partial.length > 0 && <span className={styles.why}>{partial.join(' · ')}</span>}
      {asking && (
        <AskMany
          {...asking}
          onAnswer={(yes) => {
            setAsking(null);
            if (yes) void run(asking.action.command, asking.action.vms);
          }}
        />
      )}
    </section>
  );
}

function AskMany({
  action: { command, vms, leftOut },
  from,
  onAnswer,
}: {
  readonly action: BulkAction;
  readonly from: HTMLElement;
  readonly onAnswer: (yes: boolean) => void;
}): ReactElement {
  const styles = useStyles();
  return (
    <AskDialog
      title={texts.confirmTitle(command, vms.length)}
      confirm={texts.confirm(command, vms.length)}
      isDangerous={commands[command].danger === 'loses-data'}
      from={from}
      onAnswer={onAnswer}
    >
      <p className={styles.text}>{texts.effect(command)}</p>
      {/* It may scroll, so it must be reachable by keyboard. */}
      <ul className={styles.list} aria-label={texts.affected} tabIndex={0}>
        {vms.map(({ id, name, hostName }) => (
          <li key={id}>
            {name} <span className={styles.host}>{texts.onHost(hostName)}</span>
          </li>
        ))}
      </ul>
      {leftOut.length > 0 && <p className={styles.text}>{texts.leftOut(leftOut)}</p>}
    </AskDialog>
  );
}
