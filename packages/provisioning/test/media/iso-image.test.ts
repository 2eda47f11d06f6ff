import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createIsoImage, maxImageBytes, type MediaFile } from '../../src/index.ts';

const file = (path: string, content: string | Uint8Array = ''): MediaFile => ({
  path,
  content: typeof content === 'string' ? Buffer.from(content) : content,
});
const paths = (...names: readonly string[]): MediaFile[] => names.map((name) => file(name));
const name = (length: number): string => 'n'.repeat(length);

const files = [
  file('user-data', '#cloud-config\n'),
  file('meta-data', '{}\n'),
  file('agent/lib/a.sh', 'echo'),
];

describe('reproducible ISO images', () => {
  test('an ISO image has the same bytes for the same files in another order', () => {
    const image = createIsoImage('cidata', files);
    expect(createIsoImage('cidata', [...files].reverse()).equals(image)).toBe(true);
  });

  test('an ISO image has the same bytes on every machine at any time', () => {
    const digest = createHash('sha256').update(createIsoImage('cidata', files)).digest('hex');
    expect(digest).toBe('b7837f9aba5ef12df5c54c82bacba530d58a275caaa6749dd2b309736294c042');
  });

  test.each([
    ['the content of a file', [file('user-data', '#cloud-config\n#'), ...files.slice(1)]],
    ['the name of a file', [file('user-data2', '#cloud-config\n'), ...files.slice(1)]],
  ])('an ISO image has other bytes after a change of %s', (_, changed) => {
    expect(createIsoImage('cidata', changed).equals(createIsoImage('cidata', files))).toBe(false);
  });
});

describe('limits of ISO images', () => {
  test.each([
    ['label-invalid', ''],
    ['label-invalid', 'ci data'],
    ['label-invalid', 'cidätä'],
    ['label-too-long', name(17)],
  ])('refuses an ISO image with %s for the label %j', (code, label) => {
    expect(() => createIsoImage(label, [])).toThrow(expect.objectContaining({ name: 'MediaError', code }));
  });

  test.each<readonly [code: string, files: MediaFile[]]>([
    ['path-invalid', paths('')],
    ['path-invalid', paths('/a')],
    ['path-invalid', paths('a/')],
    ['path-invalid', paths('a//b')],
    ['path-invalid', paths('.')],
    ['path-invalid', paths('a/../b')],
    ...Array.from('*:;?\\\0\n\x1f', (character) => ['path-invalid', paths(`a${character}b`)] as const),
    ['path-invalid', paths('a.')],
    ['path-invalid', paths('a ')],
    ['path-invalid', paths('a./b')],
    ['path-invalid', paths('😀')],
    ['path-invalid', paths('\ud800')],
    ['path-invalid', paths('\uffff')],
    ['path-too-long', paths(name(65))],
    ['path-too-long', paths(`${name(60)}/${name(60)}`)],
    ['path-too-deep', paths('1/2/3/4/5/6/7/8')],
    ['path-repeated', paths('a', 'a')],
    ['path-repeated', paths('a', 'A')],
    ['path-repeated', paths('a/b', 'A/c')],
    ['path-repeated', paths('a', 'a/b')],
    ['path-repeated', paths('a/b', 'A')],
  ])('refuses an ISO image with %s for the files %j', (code, refused) => {
    expect(() => createIsoImage('cidata', refused)).toThrow(
      expect.objectContaining({ name: 'MediaError', code }),
    );
  });

  test('refuses a file of 4 GiB by its name', () => {
    // The size is checked before the content is read, so that the test needs no 4 GiB.
    const content = { length: 2 ** 32 } as Uint8Array;
    expect(() => createIsoImage('cidata', [file('large', content)])).toThrow(
      expect.objectContaining({
        code: 'file-too-large',
        message: expect.stringContaining('large') as string,
      }),
    );
  });

  test('refuses an ISO image that would have more bytes than the limit', () => {
    const content = new Uint8Array(maxImageBytes - 400 * 1024);
    expect(createIsoImage('cidata', [file('fits', content)]).length).toBeLessThanOrEqual(maxImageBytes);
    expect(() => createIsoImage('cidata', [file('a', content), file('b', content)])).toThrow(
      expect.objectContaining({ code: 'image-too-large' }),
    );
  });

  test.each([
    ['a label of 16 characters', name(16), paths('a')],
    ['a name of 64 characters', 'cidata', paths(name(64))],
    ['a path of 120 characters', 'cidata', paths(`${name(60)}/${name(59)}`)],
    ['six nested folders', 'cidata', paths('1/2/3/4/5/6/7')],
    ['no files', 'cidata', []],
  ])('makes an ISO image with %s', (_, label, accepted) => {
    expect(createIsoImage(label, accepted).length % 2048).toBe(0);
  });
});
