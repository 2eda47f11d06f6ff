import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { readMainOptions } from '../src/main-options.ts';

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));
let child: ChildProcess | undefined;

afterEach(() => child?.kill('SIGKILL'));

async function start(environment: Record<string, string>): Promise<Record<string, unknown>> {
  child = spawn(process.execPath, ['--conditions=@aether-v/source', program], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('No standard output.');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return JSON.parse(line) as Record<string, unknown>;
}

test('reports its addresses in one line, and ends with its parent', async () => {
  const ready = await start({ SIM_HOSTS: '3', SIM_VMS_PER_HOST: '2', SIM_EXIT_WITH_PARENT: '1' });
  expect(ready).toMatchObject({ ready: true, hosts: [{ hostId: 'sim-001' }, {}, {}] });
  expect(ready['hostUrls']).toHaveLength(3);
  expect((await fetch(`${String(ready['adminUrl'])}/hosts`)).status).toBe(200);
  child?.stdin?.end();
  expect(await once(child as ChildProcess, 'exit')).toEqual([0, null]);
});

test('ends gracefully on request', async () => {
  await start({ SIM_HOSTS: '1', SIM_VMS_PER_HOST: '1' });
  child?.kill('SIGTERM');
  expect(await once(child as ChildProcess, 'exit')).toEqual([0, null]);
});

test('reports every invalid variable at once', () => {
  expect(() => readMainOptions({ SIM_PORT: 'x', SIM_HOSTS: '-1' })).toThrow(
    /SIM_HOSTS[^]*SIM_PORT|SIM_PORT[^]*SIM_HOSTS/,
  );
  expect(readMainOptions({}).fleet.hosts).toHaveLength(7);
});

test('reports the authentication of its hosts', () => {
  expect(readMainOptions({})).not.toHaveProperty('negotiate');
  const kerberos = { SIM_AUTH: 'kerberos', SIM_KEYTAB: '/k', SIM_HOSTNAME: 'localhost' };
  expect(readMainOptions(kerberos)).toMatchObject({ negotiate: { keytab: '/k' }, hostname: 'localhost' });
  const ntlm = { SIM_AUTH: 'ntlm', NTLM_USER_FILE: '/u', SIM_TLS_CERT: '/c', SIM_TLS_KEY: '/y' };
  expect(readMainOptions(ntlm)).toMatchObject({
    negotiate: { ntlm: true },
    tlsFiles: { cert: '/c', key: '/y' },
  });
});

test.each([
  [{ SIM_AUTH: 'digest' }, 'basic, kerberos or ntlm'],
  [{ SIM_AUTH: 'kerberos' }, 'SIM_KEYTAB'],
  [{ SIM_AUTH: 'ntlm' }, 'NTLM_USER_FILE'],
  [{ SIM_TLS_CERT: '/c' }, 'belong together'],
])('refuses %o', (environment, said) => {
  expect(() => readMainOptions(environment)).toThrow(said);
});

test('serves HTTPS from files', async () => {
  const pem = (name: string) =>
    fileURLToPath(new URL(`../../psrp/testdata/tls/${name}.pem`, import.meta.url));
  const files = { SIM_TLS_CERT: pem('cert'), SIM_TLS_KEY: pem('key'), SIM_HOSTNAME: 'localhost' };
  const ready = await start({ SIM_HOSTS: '1', SIM_VMS_PER_HOST: '1', ...files });
  expect((ready['hostUrls'] as string[])[0]).toMatch(/^https:\/\/localhost:/);
});
