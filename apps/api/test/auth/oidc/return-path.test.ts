import fc from 'fast-check';
import { expect, test } from 'vitest';
import { returnPath } from '../../../src/auth/oidc/return-path.ts';

test.each([
  ['/', '/'],
  ['/vms?state=running&sort=-name#top', '/vms?state=running&sort=-name#top'],
  ['/hosts/hv01.example.org', '/hosts/hv01.example.org'],
  ['/authors', '/authors'],
  [undefined, '/'],
  [['/vms', '/hosts'], '/'],
  ['', '/'],
  ['vms', '/'],
  ['//example.org', '/'],
  ['/\\example.org', '/'],
  ['/vms\\..', '/'],
  ['/\t/example.org', '/'],
  ['/.//example.org', '/'],
  ['/vms/..//example.org', '/'],
  ['/%2e//example.org', '/'],
  ['https://example.org/', '/'],
  ['javascript:alert(1)', '/'],
  ['/vms\r\nset-cookie: a=b', '/'],
  ['/auth/logout', '/'],
  ['/AUTH/login', '/'],
  ['/vms/../auth/login', '/'],
  [`/${'a'.repeat(1024)}`, '/'],
])('%j leads to %s', (given, path) => {
  expect(returnPath(given)).toBe(path);
});

test('every return path stays on the site, as browsers read it', () => {
  const part = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '%2e',
    '%2f',
    '%5c',
    ':',
    '@',
    '?',
    '#',
    'a',
    '\t',
    '\n',
    'é',
    '//',
    'http:',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const path = returnPath(`/${parts.join('')}`);
      expect(new URL(path, 'https://aether.example.org').origin).toBe('https://aether.example.org');
      expect(path).toMatch(/^\/(?!\/)/);
    }),
  );
});
