import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keytabFrom, outstanding } from '@aether-v/psrp/gssapi';
import { kerberosSource } from '../../src/gssapi/credentials.ts';
import { Kdc } from './kdc.ts';
import { allFreed, skip, skipReason } from './support.ts';

test('a keytab is a path, or its content in base64', () => {
  const content = Buffer.from('0502000000010203', 'hex');
  expect(keytabFrom(content.toString('base64'))).toEqual(content);
  expect(keytabFrom('/etc/aether.keytab')).toBe('/etc/aether.keytab');
  expect(keytabFrom('BQIkeytab.file')).toBe('BQIkeytab.file');
});

describe.skipIf(skip)(`Kerberos credentials${skipReason}`, () => {
  let kdc: Kdc;
  let keytab: string;
  beforeAll(async () => {
    kdc = await Kdc.start();
    process.env['KRB5_CONFIG'] = kdc.config;
    keytab = await kdc.principal('svc');
  });
  afterAll(() => kdc.stop());

  test('are acquired once for all waiting callers, and renewed after half of their lifetime', async () => {
    let now = 0;
    const source = kerberosSource({ principal: 'svc', keytab }, () => now);
    const [one, two] = await Promise.all([source.lease(), source.lease()]);
    expect(two.negotiate).toBe(one.negotiate);
    now = 11 * 3_600_000;
    const later = await source.lease();
    expect(later.negotiate).toBe(one.negotiate);
    now = 13 * 3_600_000;
    const renewed = await source.lease();
    expect(renewed.negotiate).not.toBe(one.negotiate);
    // Those of before live until the last handshake with them is over.
    expect((await outstanding()).credentials).toBe(4);
    for (const lease of [one, two, later, later]) lease.release();
    expect((await outstanding()).credentials).toBe(2);
    renewed.release();
    source.dispose();
    await allFreed();
  });

  test('that could not be acquired are retried by the next caller', async () => {
    await kdc.pause();
    const source = kerberosSource({ principal: 'svc', keytab });
    await expect(source.lease()).rejects.toMatchObject({ code: 'kdc-unreachable' });
    await allFreed();
    await kdc.resume();
    (await source.lease()).release();
    source.dispose();
    await allFreed();
  });

  test('from a keytab’s content leave no file behind', async () => {
    const left = async () => (await readdir('/dev/shm')).filter((name) => name.startsWith('keytab-'));
    const source = kerberosSource({ principal: 'svc', keytab: await readFile(keytab) });
    (await source.lease()).release();
    expect(await left()).toEqual([]);
    source.dispose();
    await allFreed();
  });
});
