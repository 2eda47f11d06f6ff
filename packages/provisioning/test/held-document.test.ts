import { expect, test } from 'vitest';
import { erase, HeldDocument } from '../src/held-document.ts';

const document = { hostname: 'web-01', users: [{ name: 'ops' }] };
const sectionsOf = (held: HeldDocument): unknown => {
  const {
    version: _version,
    reportKey: _reportKey,
    ...sections
  } = JSON.parse(held.compose().plaintext.toString()) as Record<string, unknown>;
  return sections;
};

test('a held document gives its sections until they are dropped or erased', () => {
  const held = new HeldDocument(document);
  expect(sectionsOf(held)).toEqual(document);
  held.drop(['hostname', 'scripts']);
  expect(sectionsOf(held)).toEqual({ users: document.users });
  held.erase();
  expect(sectionsOf(held)).toEqual({});
});

test('a held document has a new report key for every sealed document', () => {
  const held = new HeldDocument(document);
  const [first, second] = [held.compose(), held.compose()];
  expect(first.reportKey).toHaveLength(32);
  expect(first.reportKey.equals(second.reportKey)).toBe(false);
  expect(first.plaintext.toString()).toContain(first.reportKey.toString('base64url'));
});

test('erased secrets are zeros', () => {
  const secrets = [Buffer.from('s3cret'), Buffer.from('another')];
  erase(...secrets);
  expect(secrets.every((secret) => secret.every((byte) => byte === 0))).toBe(true);
});
