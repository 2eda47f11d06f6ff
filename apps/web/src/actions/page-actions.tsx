import { Button } from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal';
import { commands, type VmSummary } from '@aether-v/types';
import type { ReactElement } from 'react';
import { useNarrow } from '../components/use-media.ts';
import { useShownState } from '../fleet/fleet-context.ts';
import { useVmActions } from './action-context.ts';
import { useWhyNot } from '../session/session-context.ts';
import { actionTexts } from './actions.text.ts';
import { actionIcons } from './icons.tsx';
import { pageActions, vmActionStates } from './vm-action.ts';

const mostWide = 3;
const mostNarrow = 2;

/** The actions in the header of a VM's page. Only actions that start a VM are emphasized. */
export function PageActions({ vm }: { readonly vm: VmSummary }): ReactElement {
  const shown = useShownState(vm);
  const { run, openMenu } = useVmActions();
  const narrow = useNarrow();
  const states = vmActionStates(vm, shown, useWhyNot());
  const wanted = pageActions(vm, shown).slice(0, narrow ? mostNarrow : mostWide);
  return (
    <>
      {wanted
        .flatMap((name) => states.filter((state) => state.name === name))
        .map(({ name, label, canRun, reason }) => {
          const Icon = actionIcons[name];
          return (
            <Button
              key={name}
              appearance={commands[name].danger === 'none' && name === wanted[0] ? 'primary' : 'secondary'}
              icon={<Icon />}
              aria-label={actionTexts.label(name, vm)}
              aria-description={reason ?? undefined}
              title={reason ?? undefined}
              disabledFocusable={!canRun}
              onClick={() => run(name, vm)}
            >
              {label}
            </Button>
          );
        })}
      <Button
        icon={<MoreHorizontalRegular />}
        aria-label={actionTexts.more(vm)}
        aria-haspopup="menu"
        onClick={(event) => openMenu(vm.id, event.currentTarget)}
      />
    </>
  );
}
