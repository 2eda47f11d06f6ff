import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldText, formatVmSearch, parseVmSearch, vmSearchKeys, type VmSearchTerm } from '../src/index.ts';

/** Writes terms briefly: `key=value`, or the value of a plain word. */
const brief = (search: string): string[] =>
  parseVmSearch(search).map(({ key, value }) => (key === null ? value : `${key}=${value}`));

describe('a search for VMs', () => {
  test.each([
    ['words', 'web  01', ['web', '01']],
    ['prefixes in any case', 'HOST:hv01 web', ['host=hv01', 'web']],
    ['a quoted value', 'os:"server 2025" x', ['os=server 2025', 'x']],
    ['a quoted word', '"web server"', ['web server']],
    ['a doubled quotation mark', '"a ""b"""', ['a "b"']],
    ['a quotation mark that is not closed', 'name:"web s', ['name=web s']],
    ['an unknown prefix', 'colour:red foo:"a b"', ['colour:red', 'foo:"a b"']],
    ['a quoted prefix', '"host:x"', ['host:x']],
    ['a prefix without a value', 'host: vlan:"" web', ['web']],
    ['an IPv6 address', 'fd00::1 ip:fd00::2', ['fd00::1', 'ip=fd00::2']],
    ['a MAC address', '00:15:5d:01', ['00:15:5d:01']],
    ['nothing', '   ', []],
  ])('is parsed: %s', (_, search, terms) => {
    expect(brief(search)).toEqual(terms);
  });

  test('is parsed into the terms from which it was formatted', () => {
    const word = fc
      .string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', 'b', '"', '\\', ' ', ':', 'ß', '{') })
      .map((text) => text.trim());
    const terms = fc.array(
      fc.record({
        key: fc.option(fc.constantFrom(...vmSearchKeys)),
        value: fc.oneof(word, fc.constantFrom('host:x', 'IP:', 'foo:"a b"', '"')),
      }),
    );
    fc.assert(
      fc.property(terms, (given) => {
        const all: VmSearchTerm[] = given.filter(({ value }) => value !== '');
        expect(parseVmSearch(formatVmSearch(all))).toEqual(all);
      }),
    );
  });
});

describe('folded texts', () => {
  test.each([
    ['Straße', 'strasse'],
    ['STRAẞE', 'strasse'],
    ['København', 'kobenhavn'],
    ['Łódź', 'lodz'],
    ['ISPARTA', 'isparta'],
    ['Isparta İl Kırşehir', 'isparta il kirsehir'],
    ['Ærø', 'aero'],
    ['Đà Nẵng', 'da nang'],
    ['Þórður', 'thordur'],
    ['Œuvre', 'oeuvre'],
    ['ＷＥＢ０１', 'web01'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['Hyper-V 2025', 'hyper-v 2025'],
  ])('%s is found as %s', (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  test('folding a folded text changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => foldText(foldText(text)) === foldText(text)),
    );
  });
});
