import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuItemCheckbox,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { ColumnTripleEditRegular } from '@fluentui/react-icons/svg/column-triple-edit';
import type { ReactElement } from 'react';
import type { ChoosableColumn, ColumnChoice } from './column-choice.ts';
import { useTableStyles } from './table.styles.ts';
import { tableTexts as texts } from './table.text.ts';

/** The menu that shows and hides columns of a table. It stays open, so that several can be chosen. */
export function ColumnMenu<C extends ChoosableColumn>({
  all,
  choice,
}: {
  readonly all: readonly C[];
  readonly choice: ColumnChoice<C>;
}): ReactElement {
  const styles = useTableStyles();
  const optional = all.filter(({ shown }) => shown !== 'always');
  return (
    <Menu
      inline
      persistOnItemClick
      checkedValues={{ columns: choice.visible.map(({ name }) => name) }}
      onCheckedValueChange={(_, { checkedItems }) => choice.choose(checkedItems)}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button icon={<ColumnTripleEditRegular />} title={texts.chooseColumns}>
          {texts.columns}
        </Button>
      </MenuTrigger>
      <MenuPopover className={styles.aboveTable}>
        <MenuList aria-label={texts.chooseColumns}>
          {optional.map(({ name, label }) => (
            <MenuItemCheckbox key={name} name="columns" value={name}>
              {label}
            </MenuItemCheckbox>
          ))}
          <MenuDivider />
          <MenuItem disabled={choice.isDefault} onClick={choice.reset}>
            {texts.resetColumns}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
