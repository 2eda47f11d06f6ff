import { describe, expect, test } from 'vitest';
import { suggest } from '../../src/search/suggestions.ts';
import { formatTerms, parseTerms, takeComplete, typedWord, withTerm } from '../../src/search/terms.ts';

const keys = ['host', 'os', 'vlan', 'state'];

describe('terms of a search', () => {
  test.each([
    ['web', [{ key: null, value: 'web' }]],
    [
      'web Host:HV-01',
      [
        { key: null, value: 'web' },
        { key: 'host', value: 'HV-01' },
      ],
    ],
    [
      'os:"server 2025" x',
      [
        { key: 'os', value: 'server 2025' },
        { key: null, value: 'x' },
      ],
    ],
    ['os:"a ""b"""', [{ key: 'os', value: 'a "b"' }]],
    ['other:x', [{ key: null, value: 'other:x' }]],
    ['host:', []],
    ['fe80::1', [{ key: null, value: 'fe80::1' }]],
  ])('%j is parsed', (text, expected) => {
    expect(parseTerms(text, keys)).toEqual(expected);
  });

  test.each(['web host:HV-01', 'os:"server 2025" x', 'os:"a ""b"""', 'other:x', '"host:x"', 'vlan:120'])(
    '%j is formatted as it was written',
    (text) => {
      expect(formatTerms(parseTerms(text, keys), keys)).toBe(text);
    },
  );

  test('a term is added once, regardless of case', () => {
    const terms = parseTerms('host:HV-01', keys);
    expect(withTerm(terms, { key: 'host', value: 'hv-01' })).toBe(terms);
    expect(withTerm(terms, { key: 'host', value: 'hv-02' })).toHaveLength(2);
  });

  test('a prefixed term is complete when a space follows; the rest stays as typed', () => {
    expect(takeComplete('web vlan:120 host:HV', keys)).toEqual({
      terms: [{ key: 'vlan', value: '120' }],
      rest: 'web host:HV',
    });
    expect(takeComplete('os:"server 2025', keys)).toEqual({ terms: [], rest: 'os:"server 2025' });
    expect(takeComplete('os:"server 2025" ', keys).terms).toEqual([{ key: 'os', value: 'server 2025' }]);
    expect(takeComplete('other:x ', keys)).toEqual({ terms: [], rest: 'other:x ' });
  });

  test.each([
    ['web ho', { before: 'web ', key: null, value: 'ho' }],
    ['web host:hv', { before: 'web ', key: 'host', value: 'hv' }],
    ['os:"server 20', { before: '', key: 'os', value: 'server 20' }],
    ['other:x', { before: '', key: null, value: 'other:x' }],
    ['', { before: '', key: null, value: '' }],
  ])('the word being typed in %j is %j', (text, expected) => {
    expect(typedWord(text, keys)).toEqual(expected);
  });
});

describe('suggestions', () => {
  const known = [
    { key: 'host', meaning: 'Host', values: ['HV-01', 'LAB-HV-1', 'HV-02'] },
    { key: 'vlan', meaning: 'VLAN', values: [] },
  ];

  test('for no text are all prefixes, and for the beginning of one that prefix', () => {
    expect(suggest('', known).map(({ key }) => key)).toEqual(['host', 'vlan']);
    expect(suggest('web v', known)).toEqual([{ kind: 'key', key: 'vlan', meaning: 'VLAN' }]);
    expect(suggest('web', known)).toEqual([]);
  });

  test('for a prefix are its known values, those that begin as typed first', () => {
    expect(suggest('host:hv', known)).toEqual([
      { kind: 'value', key: 'host', value: 'HV-01' },
      { kind: 'value', key: 'host', value: 'HV-02' },
      { kind: 'value', key: 'host', value: 'LAB-HV-1' },
    ]);
  });

  test('for a prefix that takes a part of a value begin with what is typed, unless it is a whole value', () => {
    const parts = [{ key: 'vlan', meaning: 'VLAN', values: ['12', '120'], takesPart: true }];
    const values = (text: string) => suggest(text, parts).map((one) => one.kind === 'value' && one.value);
    expect(values('vlan:1')).toEqual(['1', '12', '120']);
    expect(values('vlan:12')).toEqual(['12', '120']);
    expect(values('vlan:')).toEqual(['12', '120']);
  });

  test('compare values in the form of their prefix, such as MAC addresses by their digits', () => {
    const fold = (text: string): string => text.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
    const macs = [{ key: 'mac', meaning: 'MAC', values: ['00-15-5D-00-00-07'], fold }];
    expect(suggest('mac:00:15:5d', macs)).toEqual([
      { kind: 'value', key: 'mac', value: '00-15-5D-00-00-07' },
    ]);
  });
});
