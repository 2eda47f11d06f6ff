import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readStates, readVmListSearch, unknownStates, vmListSpec } from '../../src/address/list-search.ts';
import { parsePlainSearch, plainSearch } from '../../src/address/plain-search.ts';

test.each(['10.20', '1e3', 'true', 'null', '007', '"x"', '{a', '[1]', 'a b', 'a+b', 'ä&ö=ü', 'host:hv-01'])(
  'the text %s stays as it is in the address',
  (search) => {
    expect(readVmListSearch(parsePlainSearch(plainSearch({ search })))).toEqual({ search });
  },
);

test('any texts survive the address', () => {
  const texts = fc.dictionary(fc.constantFrom('search', 'state', 'sort', 'tab'), fc.string({ minLength: 1 }));
  fc.assert(
    fc.property(texts, (values) => {
      expect(parsePlainSearch(plainSearch(values))).toEqual({ ...values });
    }),
  );
});

test('a link typed by hand is read as it is meant', () => {
  expect(readVmListSearch(parsePlainSearch('?search=10.20'))).toEqual({ search: '10.20' });
  expect(readStates(parsePlainSearch('?state=running'))).toEqual(['Running']);
  expect(readStates(parsePlainSearch('?state=OFF,Saved'))).toEqual(['Off', 'Saved']);
  expect(readStates(parsePlainSearch('?state=off&state=paused'))).toEqual(['Off', 'Paused']);
});

test('states that do not exist are reported instead of dropped in silence', () => {
  const search = { state: 'running,runing,' };
  expect(unknownStates(search)).toEqual(['runing']);
  expect(vmListSpec(search).states).toEqual(['Running']);
});
