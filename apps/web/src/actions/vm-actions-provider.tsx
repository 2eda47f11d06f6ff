import { commands, vmActions, type VmSummary, type VmActionName } from '@aether-v/types';
import { useCallback, useMemo, useState, type ReactElement, type ReactNode } from 'react';
import { VmActionsContext, type VmActions } from './action-context.ts';
import { ActionMenu } from './action-menu.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { useRunAction } from './use-run-action.tsx';

function focused(): HTMLElement | null {
  return document.activeElement instanceof HTMLElement ? document.activeElement : null;
}

/** Gives everything below it the actions on VMs, with the one menu and the one dialog they share. */
export function VmActionsProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const runNow = useRunAction();
  const [asking, setAsking] = useState<{
    readonly action: VmActionName;
    readonly vm: VmSummary;
    readonly from: HTMLElement | null;
  } | null>(null);
  const [menu, setMenu] = useState<{ readonly vmId: string; readonly at: HTMLElement } | null>(null);
  const run = useCallback(
    (action: VmActionName, vm: VmSummary, from: HTMLElement | null = focused()) => {
      if (commands[vmActions[action].op].danger === 'loses-data') setAsking({ action, vm, from });
      else void runNow(action, vm);
    },
    [runNow],
  );
  const actions = useMemo<VmActions>(() => ({ run, openMenu: (vmId, at) => setMenu({ vmId, at }) }), [run]);
  const closeMenu = useCallback(() => setMenu(null), []);
  return (
    <VmActionsContext value={actions}>
      {children}
      {menu && (
        <ActionMenu
          vmId={menu.vmId}
          at={menu.at}
          onRun={(action, vm) => run(action, vm, menu.at)}
          onClose={closeMenu}
        />
      )}
      {asking && (
        <ConfirmDialog
          action={asking.action}
          vm={asking.vm}
          from={asking.from}
          onAnswer={(yes) => {
            setAsking(null);
            if (yes) void runNow(asking.action, asking.vm);
          }}
        />
      )}
    </VmActionsContext>
  );
}
