import { Button, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { Message } from '../components/message.tsx';
import { vmListTexts as texts } from './vm-list.text.ts';
import { unknownPrefixes } from './vm-search-keys.ts';

const useStyles = makeStyles({
  examples: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalS,
    margin: `0 0 ${tokens.spacingVerticalM}`,
    padding: 0,
    listStyleType: 'none',
  },
  example: {
    padding: `0 ${tokens.spacingHorizontalS}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
  },
});

/** Replaces a list without a match: explains the search. */
export function NoMatch({
  search,
  onClear,
}: {
  readonly search: string;
  readonly onClear: () => void;
}): ReactElement {
  const styles = useStyles();
  const unknown = unknownPrefixes(search);
  return (
    <Message
      title={texts.emptyFilter}
      action={
        <>
          <ul className={styles.examples}>
            {texts.examples.map((example) => (
              <li key={example} className={styles.example}>
                {example}
              </li>
            ))}
          </ul>
          <Button onClick={onClear}>{texts.clear}</Button>
        </>
      }
    >
      {unknown.length > 0 && `${texts.unknownPrefixes(unknown)} `}
      {texts.emptyFilterBody}
    </Message>
  );
}
