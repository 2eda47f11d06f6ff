import { makeStyles } from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal';
import type { VmSummary } from '@aether-v/types';
import type { ReactElement } from 'react';
import { RowButton } from '../components/row-button.tsx';
import { useShownState } from '../fleet/fleet-context.ts';
import { useVmActions } from './action-context.ts';
import { useWhyNot } from '../session/session-context.ts';
import { actionTexts } from './actions.text.ts';
import { actionIcons } from './icons.tsx';
import { primaryAction, vmActionState } from './vm-action.ts';

const useStyles = makeStyles({ root: { display: 'flex', justifyContent: 'flex-end' } });

/** The actions of a row: the most likely one, and the menu of all. */
export function RowActions({ vm }: { readonly vm: VmSummary }): ReactElement {
  const styles = useStyles();
  const { run, openMenu } = useVmActions();
  const shown = useShownState(vm);
  const whyNot = useWhyNot();
  const first = primaryAction(vm, shown);
  return (
    <span className={styles.root}>
      {first !== null && (
        <RowButton
          icon={actionIcons[first]}
          label={actionTexts.label(first, vm)}
          reason={vmActionState(first, vm, shown, whyNot).reason ?? undefined}
          onClick={() => run(first, vm)}
        />
      )}
      <RowButton
        icon={MoreHorizontalRegular}
        label={actionTexts.more(vm)}
        hasMenu
        onClick={(event) => openMenu(vm.id, event.currentTarget)}
      />
    </span>
  );
}
