import {
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { commands, type VmSummary } from '@aether-v/types';
import { useEffect, type ReactElement } from 'react';
import { pageMount } from '../components/page-mount.ts';
import { useRow, useShownState } from '../fleet/fleet-context.ts';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';
import { useWhyNot } from '../session/session-context.ts';
import type { Point } from './action-context.ts';
import { actionIcons, formIcons } from './icons.tsx';
import type { VmFormName } from './offered-forms.ts';
import { actionTexts } from './actions.text.ts';
import { vmActionStates, vmFormStates } from './vm-action.ts';

interface Props {
  readonly vm: VmSummary;
  /** The element that the menu belongs to, which gets the focus back. */
  readonly at: HTMLElement;
  /** Where the menu opens, if not at the element's end. */
  readonly point: Point | undefined;
  readonly onRun: (command: OfferedVmCommand, vm: VmSummary) => void;
  readonly onForm: (form: VmFormName) => void;
  readonly onClose: () => void;
}

// In the dark theme, colorStatusDangerForeground1 has a contrast of 4.16 on the menu; WCAG 2.2, 1.4.3 asks for 4.5.
const useStyles = makeStyles({ danger: { color: tokens.colorStatusDangerForeground2 } });

/** A point as an element without size, for positioning. */
function virtualElement({ x, y }: Point): { readonly getBoundingClientRect: () => DOMRect } {
  return { getBoundingClientRect: () => new DOMRect(x, y, 0, 0) };
}

/** The menu of all actions of one VM. Disabled actions stay reachable and show the reason. */
function OpenMenu({ vm, at, point, onRun, onForm, onClose }: Props): ReactElement {
  const styles = useStyles();
  const shown = useShownState(vm);
  const whyNot = useWhyNot();
  const states = vmActionStates(vm, shown, whyNot);
  return (
    <Menu
      open
      mountNode={pageMount()}
      positioning={
        point
          ? { target: virtualElement(point), position: 'below', align: 'start' }
          : { target: at, position: 'below', align: 'end' }
      }
      onOpenChange={(_, { open }) => {
        if (open) return;
        onClose();
        at.focus();
      }}
    >
      <MenuPopover>
        <MenuList aria-label={actionTexts.more(vm)}>
          {states.map(({ name, label, canRun, reason }) => {
            const Icon = actionIcons[name];
            return (
              <MenuItem
                key={name}
                icon={<Icon />}
                disabled={!canRun}
                aria-description={reason ?? undefined}
                title={reason ?? undefined}
                onClick={() => onRun(name, vm)}
              >
                {label}
              </MenuItem>
            );
          })}
          <MenuDivider />
          {vmFormStates(vm, shown, whyNot).map(({ command, label, reason }) => {
            const Icon = formIcons[command];
            return (
              <MenuItem
                key={command}
                icon={<Icon />}
                className={reason === null && commands[command].danger === 'loses-data' ? styles.danger : ''}
                disabled={reason !== null}
                aria-description={reason ?? undefined}
                title={reason ?? undefined}
                onClick={() => onForm(command)}
              >
                {label}
              </MenuItem>
            );
          })}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** One menu for all rows: a menu in each would cost more than the row itself. */
export function ActionMenu({
  vmId,
  ...rest
}: Omit<Props, 'vm'> & { readonly vmId: string }): ReactElement | null {
  const vm = useRow('vm', vmId);
  const { onClose } = rest;
  useEffect(() => {
    if (!vm) onClose();
  }, [vm, onClose]);
  return vm && <OpenMenu vm={vm} {...rest} />;
}
