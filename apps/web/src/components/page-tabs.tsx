import { makeStyles, Tab, TabList, tokens } from '@fluentui/react-components';
import { useId, type ReactElement, type ReactNode } from 'react';

const useStyles = makeStyles({
  tabs: {
    flexShrink: 0,
    // In one line at any width: what has no room is scrolled to.
    overflowX: 'auto',
    scrollbarWidth: 'none',
    padding: `0 ${tokens.spacingHorizontalM}`,
    '@media (max-width: 767px)': {
      padding: `0 ${tokens.spacingHorizontalSNudge}`,
      '& > [role=tab]': { flexShrink: 0, paddingInline: tokens.spacingHorizontalSNudge },
    },
    marginBottom: tokens.spacingVerticalM,
  },
  // Takes what room there is in a page that does not scroll by itself, and its own height in one that does.
  panel: { flexGrow: 1, minHeight: 0 },
});

/** The tabs of a page and the content of the one that is chosen. */
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
  return (
    <>
      <TabList
        className={styles.tabs}
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
