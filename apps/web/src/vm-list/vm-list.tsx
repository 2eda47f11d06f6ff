import { Button, Dropdown, makeStyles, Option, SearchBox, tokens } from '@fluentui/react-components';
import { steadyVmStates, type VmState } from '@aether-v/types';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { readStates, unknownStates, vmListSpec, type VmListSearch } from '../address/list-search.ts';
import { Message } from '../components/message.tsx';
import { vmStateViews } from '../components/states.text.ts';
import type { VmSortKey } from '../fleet/list-spec.ts';
import { useSelection } from '../vm-table/use-selection.ts';
import { VmTable } from '../vm-table/vm-table.tsx';
import { vmListTexts as texts } from './vm-list.text.ts';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', flexGrow: 1, minHeight: 0, height: '100%' },
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: `0 ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalM}`,
  },
  search: { flexGrow: 1, flexBasis: '8rem', minWidth: '8rem', width: 'auto', maxWidth: '20rem' },
  states: { minWidth: '9rem' },
  unknown: {
    padding: `0 ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalS}`,
    color: tokens.colorStatusWarningForeground1,
  },
  table: { flexGrow: 1, minHeight: 0 },
});

/** The typing pause after which the service is queried, in milliseconds. */
const typedMs = 200;

function SearchField({
  value,
  onSearch,
}: {
  readonly value: string;
  readonly onSearch: (text: string) => void;
}): ReactElement {
  const styles = useStyles();
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onSearch(text), typedMs);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return (
    <SearchBox
      className={styles.search}
      type="search"
      aria-label={texts.search}
      placeholder={texts.placeholder}
      value={text}
      onChange={(_, { value: next }) => setText(next)}
    />
  );
}

interface Props {
  readonly search: VmListSearch;
  readonly onSearch: (patch: Partial<Record<keyof VmListSearch, string | undefined>>) => void;
  readonly hostId?: string;
  readonly clusterId?: string;
  /** Shown if there are no VMs at all. */
  readonly empty: ReactNode;
  readonly onTotal?: (total: number) => void;
}

/** A VM list with search and filter; its parameters are in the address bar. */
export function VmList({ search, onSearch, hostId, clusterId, empty, onTotal }: Props): ReactElement {
  const styles = useStyles();
  const { search: text, state, sort } = search;
  const spec = useMemo(
    () =>
      vmListSpec(
        {
          ...(text !== undefined && { search: text }),
          ...(state !== undefined && { state }),
          ...(sort !== undefined && { sort }),
        },
        { ...(hostId !== undefined && { hostId }), ...(clusterId !== undefined && { clusterId }) },
      ),
    [text, state, sort, hostId, clusterId],
  );
  const latest = useRef(onSearch);
  useEffect(() => {
    latest.current = onSearch;
  });
  const setText = useCallback(
    (next: string) => latest.current({ search: next === '' ? undefined : next }),
    [],
  );
  const selection = useSelection();
  const clear = (): void => onSearch({ search: undefined, state: undefined });
  const states = readStates(search);
  const unknown = unknownStates(search);
  const filtered = text !== undefined || states.length > 0;
  return (
    <div className={styles.root}>
      <div className={styles.bar} role="search">
        <SearchField value={text ?? ''} onSearch={setText} />
        <Dropdown
          className={styles.states}
          multiselect
          aria-label={texts.states}
          placeholder={texts.anyState}
          selectedOptions={[...states]}
          value={states.map((each) => vmStateViews[each].word).join(', ')}
          onOptionSelect={(_, { selectedOptions }) =>
            onSearch({ state: selectedOptions.join(',') || undefined })
          }
        >
          {steadyVmStates.map((each: VmState) => (
            <Option key={each} value={each}>
              {vmStateViews[each].word}
            </Option>
          ))}
        </Dropdown>
        {filtered && (
          <Button appearance="subtle" onClick={clear}>
            {texts.clear}
          </Button>
        )}
      </div>
      {unknown.length > 0 && (
        <div role="status" className={styles.unknown}>
          {texts.unknownStates(unknown)}
        </div>
      )}
      <div className={styles.table}>
        <VmTable
          spec={spec}
          onSort={(key: VmSortKey, descending) => onSearch({ sort: (descending ? '-' : '') + key })}
          selection={selection}
          {...(onTotal && { onTotal })}
          empty={
            filtered ? (
              <Message title={texts.emptyFilter} action={<Button onClick={clear}>{texts.clear}</Button>}>
                {texts.emptyFilterBody}
              </Message>
            ) : (
              empty
            )
          }
        />
      </div>
    </div>
  );
}
