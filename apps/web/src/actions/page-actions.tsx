import { Button } from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal';
import type { Vm, VmActionName, VmState } from '@aether-v/types';
import type { ReactElement } from 'react';
import { useShownState } from '../fleet/fleet-context.ts';
import { useVmActions } from './action-context.ts';
import { actionTexts } from './actions.text.ts';
import { actionIcons } from './icons.tsx';
import { vmActionStates } from './vm-action.ts';

/** At most three actions are buttons, by what the state makes likely; the menu has all. */
function shownActions(state: VmState): readonly VmActionName[] {
  if (state === 'Running') return ['shutdown', 'restart', 'stop'];
  if (state === 'Paused') return ['resume', 'save', 'stop'];
  if (state === 'Starting' || state === 'Stopping') return ['stop'];
  return ['start'];
}

/** The actions at the head of a VM's page. */
export function PageActions({ vm }: { readonly vm: Vm }): ReactElement {
  const shown = useShownState(vm);
  const { run, openMenu } = useVmActions();
  const wanted = shownActions(shown);
  return (
    <>
      {vmActionStates(vm, shown)
        .filter(({ name }) => wanted.includes(name))
        .map(({ name, label, canRun, reason }) => {
          const Icon = actionIcons[name];
          return (
            <Button
              key={name}
              appearance={name === wanted[0] ? 'primary' : 'secondary'}
              icon={<Icon />}
              aria-label={`${label} ${vm.name}`}
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
        aria-label={actionTexts.more(vm.name)}
        aria-haspopup="menu"
        onClick={(event) => openMenu(vm.id, event.currentTarget)}
      />
    </>
  );
}
