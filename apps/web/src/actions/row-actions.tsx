import { Button, makeStyles } from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal';
import type { VmSummary } from '@aether-v/types';
import type { ReactElement } from 'react';
import { useShownState } from '../fleet/fleet-context.ts';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';
import { useVmActions } from './action-context.ts';
import { useWhyNot } from '../session/session-context.ts';
import { actionTexts } from './actions.text.ts';
import { actionIcons } from './icons.tsx';
import { primaryAction, vmActionStates } from './vm-action.ts';

const useStyles = makeStyles({ root: { display: 'flex', justifyContent: 'flex-end' } });

function FirstAction({
  vm,
  name,
}: {
  readonly vm: VmSummary;
  readonly name: OfferedVmCommand;
}): ReactElement {
  const { run } = useVmActions();
  const states = vmActionStates(vm, useShownState(vm), useWhyNot());
  const reason = states.find((state) => state.name === name)?.reason ?? undefined;
  const Icon = actionIcons[name];
  const label = actionTexts.label(name, vm);
  return (
    <Button
      appearance="subtle"
      icon={<Icon />}
      tabIndex={-1}
      aria-label={label}
      title={reason ?? label}
      aria-description={reason}
      disabledFocusable={reason !== undefined}
      onClick={() => run(name, vm)}
    />
  );
}

/** The actions of a row: the most likely one, and the menu of all. Arrow keys reach them; Tab stops at the row. */
export function RowActions({ vm }: { readonly vm: VmSummary }): ReactElement {
  const styles = useStyles();
  const { openMenu } = useVmActions();
  const first = primaryAction(vm, useShownState(vm));
  return (
    <span className={styles.root}>
      {first !== null && <FirstAction vm={vm} name={first} />}
      <Button
        appearance="subtle"
        icon={<MoreHorizontalRegular />}
        tabIndex={-1}
        aria-label={actionTexts.more(vm)}
        aria-haspopup="menu"
        title={actionTexts.more(vm)}
        onClick={(event) => openMenu(vm.id, event.currentTarget)}
      />
    </span>
  );
}
