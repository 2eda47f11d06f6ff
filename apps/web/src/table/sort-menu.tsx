import { Button, Menu, MenuItemRadio, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { ArrowSortRegular } from '@fluentui/react-icons/svg/arrow-sort';
import type { ReactElement } from 'react';
import type { Column, TableSort } from './column.ts';
import { useTableStyles } from './table.styles.ts';
import { tableTexts as texts } from './table.text.ts';

/** The menu that sorts a table whose rows are cards, which have no headings. */
export function SortMenu<Row>({
  columns,
  sort,
  onSort,
}: {
  readonly columns: readonly Column<Row>[];
  readonly sort: TableSort;
  readonly onSort: (sort: string) => void;
}): ReactElement {
  const styles = useTableStyles();
  const sortable = columns.filter((column) => column.sortable);
  return (
    <Menu
      inline
      checkedValues={{ sort: [sort.column] }}
      onCheckedValueChange={(_, { checkedItems: [name] }) => {
        const column = sortable.find((each) => each.name === name);
        if (column) onSort((column.numeric ? '-' : '') + column.name);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button icon={<ArrowSortRegular />} aria-label={texts.sort} title={texts.sort} />
      </MenuTrigger>
      <MenuPopover className={styles.aboveTable}>
        <MenuList aria-label={texts.sort}>
          {sortable.map(({ name, label }) => (
            <MenuItemRadio key={name} name="sort" value={name}>
              {label}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
