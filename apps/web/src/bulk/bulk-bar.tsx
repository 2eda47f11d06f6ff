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
import {
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactElement,
  type RefObject,
} from 'react';
import { actionIcons, formIcons } from '../actions/icons.tsx';
import { AskDialog } from '../components/ask-dialog.tsx';
import { pageMount } from '../components/page-mount.ts';
import { useNarrow } from '../components/use-media.ts';
import { shownState } from '../fleet/cache.ts';
import { useFleet } from '../fleet/fleet-context.ts';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';
import { useWhyNot } from '../session/session-context.ts';
import { NameList } from '../vm-forms/name-list.tsx';
import type { Selection } from '../vm-table/use-selection.ts';
import { bulkActions, type BulkAction } from './bulk-actions.ts';
import { bulkFormCommands, type BulkFormCommand } from './offered-bulk-commands.ts';
import { BulkFormOf } from './bulk-forms.tsx';
import { bulkTexts as texts } from './bulk.text.ts';
import { useBulk, type Bulk } from './use-bulk.tsx';

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
  text: { margin: `0 0 ${tokens.spacingVerticalS}` },
});

/** The actions that are shown as buttons; the menu contains the others. */
const buttonsWide: readonly OfferedVmCommand[] = ['vm.start', 'vm.shutdown', 'vm.restart', 'vm.stop'];
const buttonsNarrow: readonly OfferedVmCommand[] = ['vm.start'];

const icons = { ...actionIcons, ...formIcons };

type PowerAction = BulkAction & { readonly command: OfferedVmCommand };
type FormAction = BulkAction & { readonly command: BulkFormCommand };

function hasForm(action: BulkAction): action is FormAction {
  const forms: readonly string[] = bulkFormCommands;
  return forms.includes(action.command);
}

function isPower(action: BulkAction): action is PowerAction {
  return !hasForm(action);
}

/** Returns the button of an entry's menu: the entry itself is gone when its dialog closes. */
function menuButtonOf(entry: HTMLElement): HTMLElement {
  return entry.closest('section')?.querySelector<HTMLElement>('[aria-haspopup=menu]') ?? entry;
}

/** The bar below a list of VMs while some are selected: for how many of them each action is possible. */
export function BulkBar({ selection }: { readonly selection: Selection }): ReactElement | null {
  return selection.ids.size === 0 ? null : <OpenBar selection={selection} />;
}

/** Gives the focus to the page when the bar goes while it has it, as after the deletion of all selected VMs. */
function usePassFocusOn(bar: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = bar.current;
    return () => {
      if (element?.contains(document.activeElement)) pageMount()?.focus();
    };
  }, [bar]);
}

function OpenBar({ selection }: { readonly selection: Selection }): ReactElement {
  const styles = useStyles();
  const narrow = useNarrow();
  const fleet = useFleet();
  const whyNot = useWhyNot();
  const cache = useSyncExternalStore(fleet.subscribe, () => fleet.cache);
  const { run, follow } = useBulk(selection.set);
  const [asking, setAsking] = useState<{ readonly action: BulkAction; readonly from: HTMLElement } | null>(
    null,
  );
  const bar = useRef<HTMLElement>(null);
  usePassFocusOn(bar);
  // Events about other rows, such as the progress of a job, change neither.
  const { pending } = cache;
  const { vm: table } = cache.tables;
  const vms = useMemo(
    () => [...selection.ids].flatMap((id) => table.get(id)?.row ?? []),
    [selection.ids, table],
  );
  const actions = useMemo(
    () => bulkActions(vms, (vm) => shownState({ pending }, vm), whyNot),
    [vms, pending, whyNot],
  );
  const buttons = narrow ? buttonsNarrow : buttonsWide;
  // A phone has no tooltips.
  const partial = actions
    .filter(isPower)
    .filter(({ command, leftOut }) => buttons.includes(command) && leftOut.length > 0)
    .map(({ summary }) => summary);
  const choose = (action: BulkAction, from: HTMLElement): void => {
    if (isPower(action) && commands[action.command].danger === 'none') void run(action.command, action.vms);
    else setAsking({ action, from });
  };
  return (
    <section ref={bar} className={styles.root} aria-label={texts.bar}>
      <span className={styles.count} role="status">
        {texts.selected(selection.ids.size)}
      </span>
      {actions
        .filter(isPower)
        .filter(({ command }) => buttons.includes(command))
        .map((action) => {
          const Icon = icons[action.command];
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
              .filter((action) => !isPower(action) || !buttons.includes(action.command))
              .map((action) => {
                const Icon = icons[action.command];
                return (
                  <MenuItem
                    key={action.command}
                    icon={<Icon />}
                    disabled={action.reason !== null}
                    title={action.reason ?? action.summary}
                    onClick={({ currentTarget }) => choose(action, menuButtonOf(currentTarget))}
                  >
                    {hasForm(action) ? texts.opens(action.summary) : action.summary}
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
      {asking && <AskBefore {...asking} onClose={() => setAsking(null)} onYes={run} onAccepted={follow} />}
    </section>
  );
}

/** Asks before a command is run: its dialog, or a confirmation. */
function AskBefore({
  action,
  from,
  onClose,
  onYes,
  onAccepted,
}: {
  readonly action: BulkAction;
  readonly from: HTMLElement;
  readonly onClose: () => void;
  readonly onYes: Bulk['run'];
  readonly onAccepted: Bulk['follow'];
}): ReactElement | null {
  if (hasForm(action))
    return (
      <BulkFormOf
        action={action}
        from={from}
        onClose={onClose}
        onAccepted={(accepted, count) => void onAccepted(action.command, accepted, count)}
      />
    );
  if (!isPower(action)) return null;
  return (
    <AskMany
      action={action}
      from={from}
      onAnswer={(yes) => {
        onClose();
        if (yes) void onYes(action.command, action.vms);
      }}
    />
  );
}

function AskMany({
  action: { command, vms, leftOut },
  from,
  onAnswer,
}: {
  readonly action: PowerAction;
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
      <NameList
        title={texts.affected}
        names={vms.map(({ id, name, hostName }) => ({ key: id, name, more: texts.onHost(hostName) }))}
      />
      {leftOut.length > 0 && <p className={styles.text}>{texts.leftOut(leftOut)}</p>}
    </AskDialog>
  );
}
