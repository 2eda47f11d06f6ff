import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createIsoImage, type MediaFile } from '../../src/index.ts';
import { ImageFile, readers } from '../support/iso-readers.ts';

const seed = Number(process.env['AETHER_SEED'] ?? 1);
const sample = { seed, numRuns: process.env['AETHER_LONG'] === '1' ? 1_000 : 25 };

const file = (path: string, content = ''): MediaFile => ({ path, content: Buffer.from(content) });
const text = (content: Uint8Array): string => Buffer.from(content).toString('base64');
const byPath = (files: readonly MediaFile[]): (readonly [string, string])[] =>
  files.map(({ path, content }) => [path, text(content)] as const).sort(([a], [b]) => (a < b ? -1 : 1));

const letter = fc.constantFrom(...Array.from('aAbzZ09-_.~+ \'"&$()[]äéßΩ漢字ﬁ\u00a0\u0301'));
const part = fc
  .array(letter, { minLength: 1, maxLength: 60 })
  .map((letters) => letters.join(''))
  .filter((name) => !/[. ]$/.test(name));
const content = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.integer({ min: 2040, max: 5000 }).map((length) => new Uint8Array(length).fill(length)),
);
const files = fc
  .array(fc.record({ parts: fc.array(part, { minLength: 1, maxLength: 5 }), content }), { maxLength: 80 })
  .map((candidates) => withoutConflicts(candidates));

/** Leaves out files whose path is too long, is used already, or differs only in case. */
function withoutConflicts(candidates: readonly { parts: string[]; content: Uint8Array }[]): MediaFile[] {
  const known = new Map<string, string>();
  return candidates.flatMap(({ parts, content: bytes }) => {
    const path = parts.join('/');
    const folders = parts.slice(1).map((_, index) => `${parts.slice(0, index + 1).join('/')}/`);
    const isPossible =
      path.length <= 120 &&
      folders.every((folder) => (known.get(folder.slice(0, -1).toLowerCase()) ?? folder) === folder) &&
      !known.has(path.toLowerCase());
    if (!isPossible) return [];
    for (const folder of folders) known.set(folder.slice(0, -1).toLowerCase(), folder);
    known.set(path.toLowerCase(), path);
    return [{ path, content: bytes }];
  });
}

describe.skipIf(readers.skip)(`ISO images in other readers${readers.reason}`, () => {
  test('blkid finds the label cidata and the type iso9660 in an ISO image', () => {
    using image = new ImageFile(createIsoImage('cidata', [file('meta-data', '{}')]));
    expect(image.blkid()).toMatchObject({ LABEL: 'cidata', TYPE: 'iso9660' });
  });

  test('xorriso extracts exactly the files of which an ISO image was made, for any valid set', () => {
    const property = fc.property(files, (any) => {
      using image = new ImageFile(createIsoImage('cidata', any));
      expect(byPath(image.extract())).toEqual(byPath(any));
    });
    fc.assert(property, sample);
  });

  test('isoinfo lists unique ISO 9660 names of level 1 in an ISO image of any valid set of files', () => {
    const property = fc.property(files, (any) => {
      using image = new ImageFile(createIsoImage('cidata', any));
      const listed = image.isoinfo('-f').split('\n').slice(0, -1);
      expect(new Set(listed).size).toBe(listed.length);
      expect(listed.filter((path) => path.includes(';'))).toHaveLength(any.length);
      for (const path of listed) {
        expect(path).toMatch(/^(?:\/[A-Z0-9_]{1,8})*(?:\/[A-Z0-9_]{1,8}\.[A-Z0-9_]{0,3};1)?$/);
      }
    });
    fc.assert(property, sample);
  });

  test('isoinfo reads the files of an ISO image by their Joliet names and by their ISO 9660 names', () => {
    const some = [
      file('meta-data', 'm'),
      file('meta-data.bak', 'second'),
      file('meta_data', 'third'),
      file('aether-v/agent/lib/open.sh', 'deep'),
    ];
    using image = new ImageFile(createIsoImage('cidata', some));
    for (const { path, content: bytes } of some) {
      expect(image.isoinfo('-J', '-x', `/${path}`)).toBe(Buffer.from(bytes).toString());
    }
    const isoNames = {
      '/META_DAT.;1': 'm',
      '/META_DAT.BAK;1': 'second',
      '/META_DA1.;1': 'third',
      '/AETHER_V/AGENT/LIB/OPEN.SH;1': 'deep',
    };
    for (const [path, expected] of Object.entries(isoNames)) {
      expect(image.isoinfo('-x', path)).toBe(expected);
    }
  });

  test('isoinfo shows the path tables of an ISO image sorted by level, by parent and by name', () => {
    const some = ['b/z/x', 'b/y/x', 'a-folder/c/x'].map((path) => file(path));
    using image = new ImageFile(createIsoImage('cidata', some));
    const table = (...args: readonly string[]): string[] =>
      image
        .isoinfo('-p', ...args)
        .split('\n')
        .slice(1, -1)
        .map((line) => line.replace(/^ *\d+: +(\d+) [0-9a-f]+ ?/, '$1 ').trim());
    expect(table()).toEqual(['1', '1 A_FOLDER', '1 B', '2 C', '3 Y', '3 Z']);
    expect(table('-J')).toEqual(['1', '1 a-folder', '1 b', '2 c', '3 y', '3 z']);
  });

  test('isoinfo lists all files of a folder whose list needs several sectors', () => {
    const many = Array.from({ length: 500 }, (_, index) => file(`folder/a file with number ${index}.text`));
    using image = new ImageFile(createIsoImage('cidata', many));
    const listed = image.isoinfo('-J', '-f').split('\n').slice(1, -1);
    expect(listed.sort()).toEqual(many.map(({ path }) => `/${path}`).sort());
  });
});
