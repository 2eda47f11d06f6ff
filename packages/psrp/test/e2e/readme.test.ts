import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { NegotiateAcceptor } from '@aether-v/psrp/gssapi';
import { Kdc } from '../gssapi/kdc.ts';
import { skip, skipReason } from '../gssapi/support.ts';
import { startHost } from './host.ts';

const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Runs TypeScript as a user of the package would, from a file of its own; resolves with what it printed. */
async function run(
  source: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; out: string; err: string }> {
  // Inside the package, so that it resolves its own name.
  await mkdir(`${packageRoot}test-results`, { recursive: true });
  const folder = await mkdtemp(`${packageRoot}test-results/readme-`);
  try {
    const file = `${folder}/example.ts`;
    await writeFile(file, source);
    const child = spawn(process.execPath, ['--conditions=@aether-v/source', file], {
      env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const code = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await code, out, err };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const readme = await readFile(`${packageRoot}README.md`, 'utf8');
const [overTls = '', overKerberos = '', overNtlm = '', local = '', ...others] = [
  ...readme.matchAll(/```ts\n([\s\S]*?)```/g),
].map((match) => match[1] ?? '');

/** The URL by a name, for certificates and tickets. */
const byName = (url: string): string => url.replace('127.0.0.1', 'localhost');

test('the README has four examples, all of which run here, and fits on a screen', () => {
  expect(others).toEqual([]);
  expect(readme.split('\n').length).toBeLessThan(75);
});

test('the README’s HTTPS example does what it claims', async () => {
  const pem = (name: string) => readFile(`${packageRoot}testdata/tls/${name}.pem`, 'utf8');
  await using host = await startHost(undefined, undefined, {
    tls: { key: await pem('key'), cert: await pem('cert') },
  });
  const { code, out, err } = await run(overTls, {
    WSMAN_URL: byName(host.url),
    WSMAN_PASSWORD: 'secret',
    NODE_EXTRA_CA_CERTS: `${packageRoot}testdata/tls/cert.pem`,
  });
  expect({ code, err }).toEqual({ code: 0, err: 'web02 is locked\n' });
  expect(out).toBe("{ Name: 'web01', State: 'Running' }\n{ Name: 'web02', State: 'Off' }\n0 errors\n");
  expect(host.listener.shellCount).toBe(0);
});

describe.skipIf(skip)(`the README’s example${skipReason}`, () => {
  test('with Kerberos runs', async () => {
    const kdc = await Kdc.start();
    process.env['KRB5_CONFIG'] = kdc.config;
    const acceptor = new NegotiateAcceptor({ keytab: await kdc.principal('WSMAN/localhost') });
    {
      await using host = await startHost(undefined, undefined, { authentication: acceptor.authenticate });
      const keytab = await kdc.principal('svc');
      const result = await run(overKerberos, { WSMAN_URL: byName(host.url), KEYTAB: keytab });
      expect(result).toEqual({ code: 0, out: '2\n', err: '' });
    }
    await acceptor.close();
    await kdc.stop();
  });

  test('with NTLM runs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ntlm-'));
    await writeFile(join(folder, 'users'), 'HOST01:operator:secret\n');
    process.env['NTLM_USER_FILE'] = join(folder, 'users');
    const acceptor = new NegotiateAcceptor({ ntlm: true });
    {
      await using host = await startHost(undefined, undefined, { authentication: acceptor.authenticate });
      const result = await run(overNtlm, { WSMAN_URL: host.url, WSMAN_PASSWORD: 'secret' });
      expect(result).toEqual({ code: 0, out: '2\n', err: '' });
    }
    await acceptor.close();
    await rm(folder, { recursive: true });
  });
});

/** A program that speaks as `pwsh -s` does, and has one command. */
const standIn = `#!/usr/bin/env -S node --conditions=@aether-v/source
import { servePackets } from '@aether-v/psrp/process';
import { createPsrpShell } from '@aether-v/psrp/server';
const commands = { 'Get-Date': (context) => context.write('now') };
await servePackets(process.stdin, process.stdout, createPsrpShell({ commands }));
process.exit();
`;

test('the README’s local process example runs, with a program in place of PowerShell', async () => {
  await mkdir(`${packageRoot}test-results`, { recursive: true });
  const folder = await mkdtemp(`${packageRoot}test-results/pwsh-`);
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'pwsh'), standIn, { mode: 0o755 });
  const path = [folder, dirname(process.execPath), process.env['PATH']].join(delimiter);
  expect(await run(local, { PATH: path })).toEqual({ code: 0, out: '1\n', err: '' });
  await rm(folder, { recursive: true });
});

const found = spawnSync('pwsh', ['-v']).status === 0;
const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('pwsh');
const title = found || required ? '' : ' (skipped: there is no pwsh on PATH)';

test.skipIf(!found && !required)(`the README’s PowerShell example runs${title}`, async () => {
  expect(await run(local, {})).toEqual({ code: 0, out: '1\n', err: '' });
});
