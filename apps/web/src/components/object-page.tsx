import type { ReactElement, ReactNode } from 'react';
import { PageTabs } from './page-tabs.tsx';
import { Page } from './page.tsx';

/** One tab of an object's page. */
export interface ObjectTab {
  readonly label: string;
  readonly content: ReactNode;
  /** False if the content scrolls itself. */
  readonly scrolls?: boolean;
}

/** The page of an object: title, notices, and tabs. The first tab is the default and does not appear in the address. */
export function ObjectPage({
  title,
  beside,
  actions,
  notices,
  tabs,
  tab,
  onTab,
}: {
  readonly title: string;
  readonly beside: ReactNode;
  readonly actions?: ReactNode;
  readonly notices: ReactNode;
  readonly tabs: Readonly<Record<string, ObjectTab>>;
  /** The tab in the address. */
  readonly tab: string | undefined;
  /** Called with the search parameters of the chosen tab. */
  readonly onTab: (search: { readonly tab?: string }) => void;
}): ReactElement {
  const names = Object.keys(tabs);
  const selected = names.find((name) => name === tab) ?? names[0] ?? '';
  const shown = tabs[selected];
  return (
    <Page title={title} beside={beside} actions={actions} scrolls={shown?.scrolls ?? true}>
      {notices}
      <PageTabs
        tabs={Object.fromEntries(Object.entries(tabs).map(([name, { label }]) => [name, label]))}
        selected={selected}
        onSelect={(next) => onTab(next === names[0] ? {} : { tab: next })}
      >
        {shown?.content}
      </PageTabs>
    </Page>
  );
}
