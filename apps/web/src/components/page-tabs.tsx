import { makeStyles, Tab, TabList, tokens } from '@fluentui/react-components';
import { useId, type ReactElement, type ReactNode } from 'react';
import { useNarrow } from './use-media.ts';

const useStyles = makeStyles({
  tabs: {
    flexShrink: 0,
    // On one line at any width; tabs that do not fit are reached by scrolling.
    overflowX: 'auto',
    scrollbarWidth: 'none',
    padding: `0 ${tokens.spacingHorizontalM}`,
    // Four tabs fit on a phone of 390 px; each is high enough for touch.
    '@media (max-width: 767px)': {
      '& > [role=tab]': { flexShrink: 0, minHeight: '44px', paddingInline: tokens.spacingHorizontalXS },
    },
    marginBottom: tokens.spacingVerticalM,
  },
  // Fills the remaining space of a page that does not scroll, and has its natural height in one that does.
  panel: { flexGrow: 1, minHeight: 0 },
});

/** The tabs of a page and the content of the selected one. */
export function PageTabs<T extends string>({
  tabs,
  selected,
  onSelect,
  children,
}: {
  readonly tabs: Readonly<Record<T, string>>;
  readonly selected: T;
  readonly onSelect: (tab: string) => void;
  readonly children: ReactNode;
}): ReactElement {
  const styles = useStyles();
  const id = useId();
  const isNarrow = useNarrow();
  return (
    <>
      <TabList
        className={styles.tabs}
        size={isNarrow ? 'small' : 'medium'}
        selectedValue={selected}
        onTabSelect={(_, { value }) => onSelect(String(value))}
      >
        {Object.entries<string>(tabs).map(([name, label]) => (
          <Tab key={name} value={name} id={`${id}${name}`} aria-controls={`${id}panel`}>
            {label}
          </Tab>
        ))}
      </TabList>
      <div role="tabpanel" id={`${id}panel`} aria-labelledby={id + selected} className={styles.panel}>
        {children}
      </div>
    </>
  );
}
