import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeEndpoint } from '../../../src/host-adapter/connect/cluster-node.ts';
import { wsmanUrlTarget } from '../../support/endpoints.ts';

const cluster = wsmanUrlTarget('cluster:', 'https://cl01.example.com:5986/wsman');

test.each([
  ['HV-01', 'https://hv-01.example.com:5986/wsman'],
  ['hv_1', 'https://hv_1.example.com:5986/wsman'],
  ['12', 'https://12.example.com:5986/wsman'],
])('the node %s is reached like its cluster, at %s', (name, address) => {
  const endpoint = nodeEndpoint(cluster, name);
  expect(endpoint).toMatchObject({
    address,
    role: 'node',
    target: { kind: 'wsman', scheme: 'basic', address },
  });
});

test.each([
  ['HV-01', 'http://hv-01:5985/wsman'],
  ['12', undefined],
  ['0x7f000001', undefined],
])('for a short cluster name, %s is reached at %s', (name, address) => {
  const short = wsmanUrlTarget('cluster:', 'http://cl01:5985/wsman');
  expect(nodeEndpoint(short, name)?.address).toBe(address);
});

test('a node inherits its cluster’s options, but has its own Kerberos name', () => {
  if (cluster.kind !== 'wsman') throw new TypeError('no PowerShell Remoting');
  const more = {
    ...cluster,
    configuration: 'Aether-V',
    fingerprints: ['AA'],
    spn: { service: 'HTTP', host: 'cl01.example.com' },
  };
  expect(nodeEndpoint(more, 'HV01')?.target).toMatchObject({
    configuration: 'Aether-V',
    fingerprints: ['AA'],
    spn: { service: 'HTTP', host: 'hv01.example.com' },
  });
  const { url, address } = cluster;
  const winrs = { kind: 'winrs', url, address, scheme: 'ntlm' } as const;
  expect(nodeEndpoint(winrs, 'HV01')).toMatchObject({
    address: 'winrs+https://hv01.example.com:5986/wsman',
    target: { kind: 'winrs', scheme: 'ntlm' },
  });
});

test('no node name leads out of the cluster’s domain, to another port or to other credentials', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom(
      'a.b',
      'a@b',
      'a:1',
      'a/b',
      'a?b',
      'a#b',
      'a%2eb',
      'a\\b',
      'localhost',
      '１２７',
      'a\u3002b',
    ),
  );
  fc.assert(
    fc.property(hostile, (name) => {
      const target = nodeEndpoint(cluster, name)?.target;
      if (target?.kind !== 'wsman') return;
      const { hostname, port, pathname, username, password, search, hash } = target.url;
      expect(hostname).toMatch(/^[a-z0-9_-]+\.example\.com$/);
      expect({ port, pathname, username, password, search, hash }).toEqual({
        port: '5986',
        pathname: '/wsman',
        username: '',
        password: '',
        search: '',
        hash: '',
      });
    }),
  );
});
