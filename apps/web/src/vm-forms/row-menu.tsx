import { Menu, MenuButton, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal';
import type { Vm } from '@aether-v/types';
import type { ReactElement } from 'react';
import { pageMount } from '../components/page-mount.ts';
import type { ChangeName } from './changes.ts';
import { useCommandReason } from './use-command-reason.ts';

/** An entry of a menu that opens the form of a command. */
export interface MenuEntry {
  readonly command: ChangeName;
  readonly label: string;
  /** A further reason against it; null or absent if there is none. */
  readonly whyNot?: string | null;
  readonly onOpen: () => void;
}

/** The menu of one part of a VM. Entries that are not possible stay reachable and show the reason. */
export function RowMenu({
  vm,
  label,
  entries,
}: {
  readonly vm: Vm;
  readonly label: string;
  readonly entries: readonly MenuEntry[];
}): ReactElement {
  const reasonOf = useCommandReason(vm);
  return (
    <Menu mountNode={pageMount()} positioning={{ position: 'below', align: 'end' }}>
      <MenuTrigger disableButtonEnhancement>
        <MenuButton
          appearance="subtle"
          menuIcon={null}
          icon={<MoreHorizontalRegular />}
          aria-label={label}
          title={label}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {entries.map(({ command, label: text, whyNot, onOpen }) => {
            const reason = reasonOf(command) ?? whyNot ?? undefined;
            return (
              <MenuItem
                key={text}
                disabled={reason !== undefined}
                aria-description={reason}
                title={reason}
                onClick={onOpen}
              >
                {text}
              </MenuItem>
            );
          })}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
