import { vmSearchKeys } from '@aether-v/types';
import { useState, type ReactElement } from 'react';
import { useSettled } from '../components/use-settled.ts';
import { ChipSearch } from '../search/chip-search.tsx';
import { typedWord } from '../search/terms.ts';
import { useNetworkValues } from './use-network-values.ts';
import { vmListTexts as texts } from './vm-list.text.ts';
import { useVmSearchKeys } from './vm-search-keys.ts';

/** The typing pause after which values are read for suggestions, in milliseconds. */
const typedMs = 150;

/** The search field of a list of VMs. */
export function VmSearch({
  value,
  onSearch,
}: {
  readonly value: string;
  readonly onSearch: (search: string) => void;
}): ReactElement {
  const [text, setText] = useState('');
  const network = useNetworkValues(typedWord(useSettled(text, typedMs), vmSearchKeys));
  return (
    <ChipSearch
      label={texts.search}
      placeholder={texts.placeholder}
      value={value}
      onSearch={onSearch}
      onTyped={setText}
      keys={useVmSearchKeys(network)}
    />
  );
}
