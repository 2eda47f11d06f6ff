import { foldText, parseVmSearch, type Vm, type VmSearchKey } from '@aether-v/types';
import { addressForms, canonicalAddress } from './address-forms.ts';
import { vmSearchText, type VmSearchText } from './vm-search-text.ts';

type Test = (text: VmSearchText) => boolean;

const includes =
  (field: keyof VmSearchText, part: string): Test =>
  (text) =>
    text[field].includes(part);

/** Tests the beginning of a value; a line of it may be the whole. */
const begins = (field: keyof VmSearchText, part: string): Test => includes(field, `\n${part}`);

/** A part of a MAC address in the notation of Hyper-V, Windows, Unix or network devices. */
const macNotation = /^(?:[0-9a-f]{2}(?:[:-][0-9a-f]{2})+[:-]?|[0-9a-f]{4}(?:\.[0-9a-f]{4}){1,2})$/;

function macTest(value: string): Test {
  const digits = value.replace(/[:.\-\s]/g, '');
  return /^[0-9a-f]+$/.test(digits) ? includes('mac', digits) : () => false;
}

function ipTest(value: string): Test {
  const whole = canonicalAddress(value);
  return whole === undefined ? begins('ip', value) : includes('ip', `\n${whole}\n`);
}

function vlanTest(value: string): Test {
  if (!/^[0-9]{1,4}$/.test(value)) return () => false;
  const id = Number(value);
  const allows = (part: string): boolean => {
    const [first = '', last = first] = part.split('-');
    return part !== '' && Number(first) <= id && id <= Number(last);
  };
  return ({ vlan }) => vlan.split('\n').some(allows);
}

/** The test of each prefix; values are folded. */
const prefixTests: Readonly<Record<VmSearchKey, (value: string) => Test>> = {
  name: (value) => includes('name', value),
  state: (value) => begins('state', value),
  host: (value) => includes('host', value),
  cluster: (value) => includes('cluster', value),
  os: (value) => includes('os', value),
  ip: ipTest,
  mac: macTest,
  vlan: vlanTest,
  switch: (value) => includes('switch', value),
};

const fields = ['name', 'host', 'os', 'ip', 'rest', 'cluster', 'mac', 'switch', 'vlan', 'state'] as const;

function wordTest(value: string): Test {
  const word = value.replace(/^\{(.*)\}$/, '$1');
  const tests: Test[] = fields.map((field) => includes(field, word));
  if (macNotation.test(word)) tests.push(macTest(word));
  if (canonicalAddress(word) !== undefined && word.includes(':')) {
    tests.push(...addressForms(word).map((form) => includes('ip', form)));
  }
  return (text) => tests.some((test) => test(text));
}

/** Returns whether a VM matches a search (`VmQuery`): all its words, and one value of each of its prefixes. */
export function vmSearch(search: string): (vm: Readonly<Vm>) => boolean {
  const terms = parseVmSearch(search).map(({ key, value }) => ({ key, value: foldText(value) }));
  const words = terms.filter(({ key }) => key === null).map(({ value }) => wordTest(value));
  const byKey = Map.groupBy(
    terms.filter((term) => term.key !== null),
    ({ key }) => key,
  );
  const values = [...byKey].map(([key, same]): Test => {
    const tests = key === null ? [] : same.map(({ value }) => prefixTests[key](value));
    return (text) => tests.some((test) => test(text));
  });
  const all = [...values, ...words];
  return (vm) => {
    const text = vmSearchText(vm);
    return all.every((test) => test(text));
  };
}
