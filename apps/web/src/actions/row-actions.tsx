import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal';
import type { VmSummary } from '@aether-v/types';
import type { ReactElement } from 'react';
import { useShownState } from '../fleet/fleet-context.ts';
import { useVmActions } from './action-context.ts';
import { useWhyNot } from '../session/session-context.ts';
import { actionTexts } from './actions.text.ts';
import { actionIcons } from './icons.tsx';
import { primaryAction, vmActionStates } from './vm-action.ts';

const useStyles = makeStyles({ root: { display: 'flex', gap: tokens.spacingHorizontalXXS } });

/** The actions of a row: the most likely one, and the menu of all. Arrow keys reach them; Tab stops at the row. */
export function RowActions({ vm }: { readonly vm: VmSummary }): ReactElement {
  const styles = useStyles();
  const shown = useShownState(vm);
  const { run, openMenu } = useVmActions();
  const wanted = primaryAction(shown);
  const action = vmActionStates(vm, shown, useWhyNot()).find(({ name }) => name === wanted);
  const Icon = actionIcons[wanted];
  const label = `${action?.label ?? ''} ${vm.name}`;
  return (
    <span className={styles.root}>
      <Button
        size="small"
        appearance="subtle"
        icon={<Icon />}
        tabIndex={-1}
        aria-label={label}
        title={action?.reason ?? label}
        aria-description={action?.reason ?? undefined}
        disabledFocusable={!action?.canRun}
        onClick={() => run(wanted, vm)}
      />
      <Button
        size="small"
        appearance="subtle"
        icon={<MoreHorizontalRegular />}
        tabIndex={-1}
        aria-label={actionTexts.more(vm.name)}
        aria-haspopup="menu"
        title={actionTexts.more(vm.name)}
        onClick={(event) => openMenu(vm.id, event.currentTarget)}
      />
    </span>
  );
}
