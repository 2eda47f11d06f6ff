import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSameHost } from '../../src/common/host-name.ts';

describe('isSameHost', () => {
  test.for([
    ['hv1', 'hv1', true],
    ['hv1', 'HV1', true],
    ['hv1', 'hv1.a.example.org', true],
    ['HV1.A.EXAMPLE.ORG', 'hv1', true],
    ['hv1.a.example.org', 'hv1.a.example.org.', true],
    ['hv1.', 'hv1', true],
    ['hv1.a.example.org', 'Hv1.A.Example.Org', true],
    ['hv1.a.com', 'hv1.b.com', false],
    ['hv1.a.com', 'hv1.a.com.au', false],
    ['hv1.a', 'hv1.a.com', false],
    ['hv1', 'hv2', false],
    ['hv1', 'hv11', false],
    ['hv1', 'hv1-a.example.org', false],
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.1', '10.0.0.2', false],
    ['10.0.0.1', '10.9.9.9', false],
    ['10', '10.0.0.1', false],
    ['10.0.0.1.', '10.0.0.1', true],
    ['fe80::1', 'FE80::1', true],
    ['[fe80::1]', 'fe80:0:0:0:0:0:0:1', true],
    ['fe80::1', 'fe80::2', false],
    ['', '', false],
    ['', 'hv1', false],
    ['.', 'hv1', false],
  ] as const)('%s and %s: %s', ([one, other, expected]) => {
    expect([isSameHost(one, other), isSameHost(other, one)]).toEqual([expected, expected]);
  });

  test('two names with different domains never match, whatever their first label is', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
    fc.assert(
      fc.property(label, label, label, (host, one, other) => {
        fc.pre(one !== other);
        expect(isSameHost(`${host}.${one}.example`, `${host}.${other}.example`)).toBe(false);
        expect(isSameHost(host.toUpperCase(), `${host}.${one}.example.`)).toBe(true);
      }),
    );
  });
});
