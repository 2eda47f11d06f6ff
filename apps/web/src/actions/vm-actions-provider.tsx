import { commands, type VmSummary } from '@aether-v/types';
import { useCallback, useMemo, useState, type ReactElement, type ReactNode } from 'react';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';
import { VmActionsContext, type Point, type VmActions } from './action-context.ts';
import { ActionMenu } from './action-menu.tsx';
import { vmOnHost } from './actions.text.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import type { ActionSubject } from './run-action.ts';
import type { OpenVmForm } from './offered-forms.ts';
import { useRunAction } from './use-run-action.tsx';

function focused(): HTMLElement | null {
  return document.activeElement instanceof HTMLElement ? document.activeElement : null;
}

function subjectOf(vm: VmSummary): ActionSubject {
  return { id: vm.id, name: vmOnHost(vm) };
}

/** Provides VM actions to its descendants, with the menu and dialog they share. */
export function VmActionsProvider({
  renderForm,
  children,
}: {
  /** Renders the open form; the forms themselves use these actions. */
  readonly renderForm: (open: OpenVmForm, onClose: () => void) => ReactNode;
  readonly children: ReactNode;
}): ReactElement {
  const runNow = useRunAction();
  const [asking, setAsking] = useState<{
    readonly command: OfferedVmCommand;
    readonly vm: VmSummary;
    readonly from: HTMLElement | null;
  } | null>(null);
  const [menu, setMenu] = useState<{
    readonly vmId: string;
    readonly at: HTMLElement;
    readonly point: Point | undefined;
  } | null>(null);
  const run = useCallback(
    (command: OfferedVmCommand, vm: VmSummary, from: HTMLElement | null = focused()) => {
      if (commands[command].danger === 'none') void runNow(command, subjectOf(vm));
      else setAsking({ command, vm, from });
    },
    [runNow],
  );
  const [form, setForm] = useState<OpenVmForm | null>(null);
  const actions = useMemo<VmActions>(
    () => ({
      run,
      openForm: (name, vmId) => setForm({ form: name, vmId }),
      openMenu: (vmId, at, point) => setMenu({ vmId, at, point }),
    }),
    [run],
  );
  const closeForm = useCallback(() => setForm(null), []);
  const closeMenu = useCallback(() => setMenu(null), []);
  return (
    <VmActionsContext value={actions}>
      {children}
      {menu && (
        <ActionMenu
          key={`${menu.vmId} ${menu.point?.x} ${menu.point?.y}`}
          vmId={menu.vmId}
          at={menu.at}
          point={menu.point}
          onRun={(command, vm) => run(command, vm, menu.at)}
          onForm={(name) => setForm({ form: name, vmId: menu.vmId })}
          onClose={closeMenu}
        />
      )}
      {form && renderForm(form, closeForm)}
      {asking && (
        <ConfirmDialog
          command={asking.command}
          vm={asking.vm}
          from={asking.from}
          onAnswer={(yes) => {
            setAsking(null);
            if (yes) void runNow(asking.command, subjectOf(asking.vm));
          }}
        />
      )}
    </VmActionsContext>
  );
}
