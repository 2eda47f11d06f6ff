import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { processTransport, relayBackend } from '@aether-v/psrp/process';
import { systemClock } from '../../src/common/clock.ts';
import { hostEndpoint } from '../../src/config/host-endpoint.ts';
import { doctor } from '../../src/doctor/doctor.ts';
import { configuredProbe } from '../../src/host-adapter/connect/configured-probe.ts';
import { FakeHost } from '../support/fake-agents.ts';
import { account, listen, serve } from '../support/provoke/peers.ts';
import { hasPart, skipReason } from '../support/provoke/provoke.ts';
import { ServedHost, serveHosts } from '../support/served-host.ts';

interface Said {
  readonly code: number;
  readonly out: string;
  readonly complaint: string;
}

async function run(args: readonly string[], environment: Record<string, string> = account): Promise<Said> {
  let [out, complaint] = ['', ''];
  const code = await doctor(args, {
    environment,
    clock: systemClock,
    signal: new AbortController().signal,
    colors: false,
    version: '1.2.3',
    probe: (target, config) => configuredProbe(hostEndpoint(target), config),
    print: (text) => (out += text),
    complain: (text) => (complaint += text),
    writeFile: () => undefined,
  });
  return { code, out, complaint };
}

/** The signs of the lines by their titles. */
function signs(out: string): Record<string, string> {
  const found = [...out.matchAll(/^ {2}([✓✗–]) (.{18})/gm)];
  return Object.fromEntries(found.map(([, sign = '', title = '']) => [title.trim(), sign]));
}

describe('the doctor', () => {
  test('reports no failure for a healthy host, and what a host without a language cannot show', async () => {
    const served = await serveHosts([new ServedHost(new FakeHost('hv1', systemClock))]);
    onTestFinished(() => served[Symbol.asyncDispose]());
    const { code, out } = await run([`${served.endpoints[0]?.address ?? ''}?auth=basic`]);
    expect(signs(out)).toEqual({
      Configuration: '✓',
      Name: '✓',
      TCP: '✓',
      Authentication: '✓',
      Session: '✓',
      PowerShell: '✓',
      'Language mode': '✓',
      'Execution policy': '–',
      Quotas: '–',
      Rights: '–',
      'Hyper-V': '–',
      Agent: '✓',
      Clock: '–',
    });
    expect(out).toContain('cannot be checked in NoLanguage');
    expect(out).toContain('Basic as operator');
    expect(out).toContain('1 of 1 host ready for use.');
    expect(code).toBe(0);
  });

  test('warns if signature 1 is accepted', async () => {
    const served = await serveHosts([new ServedHost(new FakeHost('hv1', systemClock))]);
    onTestFinished(() => served[Symbol.asyncDispose]());
    const host = `${served.endpoints[0]?.address ?? ''}?auth=basic`;
    const keys = { API_KEY: 's3cret', HMAC_SECRET: 's3cret'.repeat(6) };
    const { code, complaint } = await run([host], { ...account, ...keys });
    expect(complaint).toMatch(/^Warning: Signature 1 of the VM control API is accepted \(API_KEY\)\./);
    expect([code, (await run([host])).complaint]).toEqual([0, '']);
  });

  test('checks every configured host, and fails if one does', async () => {
    const served = await serveHosts([new ServedHost(new FakeHost('hv1', systemClock))]);
    onTestFinished(() => served[Symbol.asyncDispose]());
    const hosts = `${served.endpoints[0]?.address ?? ''}?auth=basic,http://127.0.0.1:1/wsman?auth=basic`;
    const { code, out } = await run(['--json'], { ...account, HYPERV_HOSTS: hosts });
    expect(JSON.parse(out)).toMatchObject([
      { healthy: true },
      { healthy: false, steps: [{}, {}, { id: 'tcp', verdict: 'failed', problem: 'refused' }] },
    ]);
    expect(code).toBe(1);
  });

  test.each([
    [[], {}, 2],
    [['--nonsense'], account, 2],
    [['hv 01'], account, 1],
    [['hv01'], {}, 1],
  ])('exits with its code for the arguments %j', async (args, environment, expected) => {
    const { code, out, complaint } = await run(args, environment);
    expect(code).toBe(expected);
    if (expected === 2) expect(complaint).toContain('Usage');
    else expect(signs(out)).toEqual({ Configuration: '✗' });
  });

  test('never shows a secret', async () => {
    const secret = 'correct horse battery';
    const environment = { WINRM_USERNAME: 'operator', WINRM_PASSWORD: secret };
    const url = await serve();
    for (const args of [
      [`${url}?auth=basic`],
      [`${url}?auth=basic`, '--json'],
      ['http://127.0.0.1:1/'],
      ['hv 01'],
    ]) {
      const { out, complaint } = await run(args, environment);
      expect(out + complaint).not.toContain(secret);
      expect(out + complaint).not.toContain(Buffer.from(`operator:${secret}`).toString('base64'));
    }
  });

  test.skipIf(!hasPart('pwsh'))(
    `checks real PowerShell, and reports what only Windows can answer${skipReason('pwsh')}`,
    async () => {
      const url = await serve({ backend: relayBackend(() => processTransport()) });
      const { code, out } = await run([`${url}?auth=basic`]);
      expect(signs(out)).toMatchObject({
        Session: '✓',
        PowerShell: '✓',
        'Language mode': '✓',
        'Execution policy': '✓',
        Quotas: '–',
        Rights: '–',
        'Hyper-V': '–',
        Agent: '✗',
        Clock: '✓',
      });
      expect(out.match(/this PowerShell does not run on Windows/g)).toHaveLength(3);
      expect(code).toBe(1);
    },
    60_000,
  );

  test('exits at once when interrupted, even with an unresponsive host', async () => {
    const asked = Promise.withResolvers<undefined>();
    const url = await listen(createServer(() => asked.resolve(undefined)));
    const main = new URL('../../src/doctor/main.ts', import.meta.url).pathname;
    const args = ['--conditions=@aether-v/source', main, `${url}?auth=basic`];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...account, CONNECT_TIMEOUT: '300' },
    });
    await asked.promise;
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
  });
});
