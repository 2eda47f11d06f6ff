import { Button } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import { jobPageTexts as texts } from './job.text.ts';

/** The items that are shown until all are requested; a deletion can name 1,024 files. */
const mostItems = 10;

/** Shows the first items of a long list, with a button that shows all. */
export function LongList<T>({
  items,
  children,
}: {
  readonly items: readonly T[];
  readonly children: (shown: readonly T[]) => ReactElement;
}): ReactElement {
  const [showsAll, setShowsAll] = useState(false);
  const isCut = !showsAll && items.length > mostItems;
  return (
    <>
      {children(isCut ? items.slice(0, mostItems) : items)}
      {isCut && (
        <span>
          <Button onClick={() => setShowsAll(true)}>{texts.showAll(items.length)}</Button>
        </span>
      )}
    </>
  );
}
