import { describe, expect, test } from 'vitest';
import { clusterEndpoint, type HostEndpoint } from '../../../src/config/host-endpoint.ts';
import { HostIdentities } from '../../../src/host-adapter/connect/host-identities.ts';
import { basicEndpoint, wsmanUrlTarget } from '../../support/endpoints.ts';

const at = (name: string): HostEndpoint => basicEndpoint(`http://${name}:5985/wsman`);

function identities(...names: readonly string[]): {
  all: HostIdentities;
  identify: (name: string, id: string) => string;
} {
  const all = new HostIdentities();
  for (const name of names) all.add(at(name));
  const identify = (name: string, id: string): string => {
    const answer = all.identify(at(name).address, id);
    if (answer.accepted)
      return answer.displaced === undefined ? 'accepted' : `accepted instead of ${answer.displaced}`;
    return `refused for ${answer.holder}${answer.undecided ? ', undecided' : ''}`;
  };
  return { all, identify };
}

describe('the id that a host reports', () => {
  test('belongs to the configured host of that name, even if it is unreachable', () => {
    const { identify } = identities('hv1.example.org', 'evil.example.org', '10.0.0.9');
    expect(identify('evil.example.org', 'hv1')).toBe(`refused for ${at('hv1.example.org').address}`);
    expect(identify('10.0.0.9', 'hv1.example.org')).toBe(`refused for ${at('hv1.example.org').address}`);
    expect(identify('hv1.example.org', 'hv1')).toBe('accepted');
  });

  test('is not shared by hosts of different domains with the same first label', () => {
    const { identify } = identities('hv1.a.example.org', '10.0.0.9');
    expect(identify('10.0.0.9', 'hv1.b.example.org')).toBe('accepted');
  });

  test('stays with the first address while neither address proves it, and the dispute is undecided', () => {
    const { identify } = identities('10.0.0.1', '10.0.0.2');
    expect(identify('10.0.0.1', 'hv1')).toBe('accepted');
    expect(identify('10.0.0.2', 'hv1')).toBe(`refused for ${at('10.0.0.1').address}, undecided`);
    expect(identify('10.0.0.1', 'hv1')).toBe('accepted');
  });

  test('is decided if the second address was known under another id', () => {
    const { identify } = identities('10.0.0.1', '10.0.0.2');
    expect(identify('10.0.0.1', 'hv1')).toBe('accepted');
    expect(identify('10.0.0.2', 'evil')).toBe('accepted');
    expect(identify('10.0.0.2', 'hv1')).toBe(`refused for ${at('10.0.0.1').address}`);
  });

  test('is taken over by an endpoint of that name added later', () => {
    const { all, identify } = identities('10.0.0.9');
    expect(identify('10.0.0.9', 'hv1')).toBe('accepted');
    expect(all.add(at('hv1.example.org'))).toEqual([at('10.0.0.9').address]);
    expect(all.addressOf('hv1')).toBeUndefined();
    expect(identify('10.0.0.9', 'hv1')).toBe(`refused for ${at('hv1.example.org').address}`);
  });

  test('moves to a new address after the old entry is removed, and follows a reinstalled host', () => {
    const { all, identify } = identities('10.0.0.1', '10.0.0.2');
    expect(identify('10.0.0.1', 'hv1')).toBe('accepted');
    expect(identify('10.0.0.1', 'hv1-new')).toBe('accepted');
    expect(identify('10.0.0.1', 'hv1')).toBe('accepted');
    all.remove(at('10.0.0.1').address);
    expect(identify('10.0.0.2', 'hv1')).toBe('accepted');
  });

  test('cannot be the provisional id of a host that has not responded yet', () => {
    const { identify } = identities('10.0.0.1', '10.0.0.2');
    const { provisionalId } = at('10.0.0.1');
    expect(identify('10.0.0.2', provisionalId)).toBe(`refused for ${at('10.0.0.1').address}`);
  });

  test('may be the name of a cluster, which belongs to no host', () => {
    const { all, identify } = identities('10.0.0.1');
    all.add(clusterEndpoint(wsmanUrlTarget('cluster:', 'http://cl01.example.org:5985/wsman')));
    expect(identify('10.0.0.1', 'cl01')).toBe('accepted');
  });
});
