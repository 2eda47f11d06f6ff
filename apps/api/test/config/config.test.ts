import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { hostExamples } from '../../src/config/host-examples.ts';
import { configurationDocument, envExample } from '../../src/config/render-settings.ts';
import { gatewayLimits, transportLimits } from '../../src/host-adapter/connect/configured-limits.ts';
import { testConfig } from '../support/test-app.ts';

function problemsOf(environment: Record<string, string>): readonly string[] {
  const loaded = loadConfig(environment);
  return 'problems' in loaded ? loaded.problems : [];
}

const credentials = { WINRM_USERNAME: 'aether', WINRM_PASSWORD: 'correct horse' };

describe('the configuration', () => {
  const seed = Buffer.alloc(32, 7).toString('base64');
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

  test.each([
    ['the 32 bytes of a key', seed],
    ['a PEM key', pem],
    ['a PEM key in one line', pem.replaceAll('\n', '\\n')],
  ])('accepts %s to sign the audit, and never shows it', (_, text) => {
    const config = testConfig({ AUDIT_SIGNING_KEY: text });
    expect(config.auditSigningKey?.asymmetricKeyType).toBe('ed25519');
    const shown = JSON.stringify(config) + inspect(config, { depth: null, showHidden: true });
    expect(shown).not.toContain(seed.slice(0, 20));
    expect(shown).not.toContain('PRIVATE KEY');
  });

  test.each([
    ['a short text', 'short'],
    ['more than 32 bytes', 'A'.repeat(80)],
    ['other characters than base64', `${seed.slice(0, 42)}?=`],
    ['cut PEM', pem.slice(0, 60)],
  ])('refuses %s as the key of the audit without repeating it', (_, text) => {
    const problems = problemsOf({ AUDIT_SIGNING_KEY: text });
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toContain(text);
  });

  test('the audit cannot require a file without its folder', () => {
    expect(problemsOf({ AUDIT_REQUIRED: 'file' })).toEqual(['AUDIT_REQUIRED: file requires LOG_DIR.']);
    expect(problemsOf({ AUDIT_REQUIRED: 'file, stdout', LOG_DIR: 'logs' })).toEqual([]);
    expect(problemsOf({ AUDIT_REQUIRED: 'syslog' })).toHaveLength(1);
  });

  test('every setting has a default', () => {
    expect(testConfig()).toMatchObject({
      port: 8000,
      bindAddress: '127.0.0.1',
      hosts: [],
      refreshInterval: 60,
    });
  });

  test('all problems are reported at once', () => {
    const problems = problemsOf({
      PORT: 'http',
      BIND_ADDRESS: '0.0.0.0',
      HYPERV_HOSTS: 'hv 01,ftp://hv02/wsman,https://hv03/wsman?x',
      INVENTORY_REFRESH_INTERVAL: '0',
      WINRM_ALLOW_PLAIN_HTTP: 'maybe',
    });
    const variables = problems.map((problem) => problem.split(':', 1)[0]);
    expect(new Set(variables)).toEqual(
      new Set([
        'PORT',
        'BIND_ADDRESS',
        'HYPERV_HOSTS',
        'INVENTORY_REFRESH_INTERVAL',
        'WINRM_ALLOW_PLAIN_HTTP',
      ]),
    );
    const hosts = problems.find((problem) => problem.startsWith('HYPERV_HOSTS'));
    expect(hosts).toContain('"hv 01"');
    expect(hosts).toContain('ftp://hv02/wsman');
    expect(hosts).toContain('https://hv03/wsman?x');
  });

  test.each(['0.0.0.0', '::', '192.0.2.1', '10.0.0.1'])(
    'refuses to listen on %s without a login',
    (address) => {
      expect(problemsOf({ BIND_ADDRESS: address })).toHaveLength(1);
    },
  );

  test.each(['127.0.0.1', '127.8.9.1', '::1', 'localhost'])('accepts the listen address %s', (address) => {
    expect(problemsOf({ BIND_ADDRESS: address })).toEqual([]);
  });

  test('a host listed twice is reported', () => {
    const twice = 'https://hv01/wsman, https://HV01:443/wsman';
    expect(problemsOf({ ...credentials, HYPERV_HOSTS: twice })).toEqual([
      expect.stringContaining('more than once'),
    ]);
  });

  test('a configuration never shows the password', () => {
    const config = testConfig(credentials);
    expect(config.winrmPassword?.reveal()).toBe('correct horse');
    for (const shown of [
      JSON.stringify(config),
      inspect(config, { depth: 9 }),
      String(config.winrmPassword),
    ]) {
      expect(shown).not.toContain('horse');
    }
  });

  test.each([
    'https://aether:geheim@hv01/wsman',
    'aether:geheim@hv01',
    'https://aether:ge/geheim@hv01/wsman',
    'https://aether:geheim,rest@hv01/wsman',
    'https://hv02/wsman,ftp://aether:geheim@hv01',
  ])('credentials in a URL are not repeated in the error: %s', (hosts) => {
    const problems = problemsOf({ ...credentials, HYPERV_HOSTS: hosts });
    expect(problems).toEqual([expect.stringMatching(/^HYPERV_HOSTS: .*WINRM_PASSWORD/)]);
    expect(problems.join()).not.toMatch(/geheim|aether:|rest/);
  });

  test.each<[variable: string, least: number, most: number]>([
    ['AGENT_SILENCE_TIMEOUT', 25, 3600],
    ['WINRM_OPERATION_TIMEOUT', 5, 180],
    ['WINRM_IDLE_TIMEOUT', 60, 900],
    ['WINRM_CLOSE_TIMEOUT', 1, 60],
    ['WINRM_MAX_ENVELOPE_KB', 32, 8192],
    ['MAX_OPERATIONS_PER_HOST', 1, 100],
    ['BREAKER_FAILURES', 1, 20],
    ['BREAKER_FIRST_WAIT', 1, 15],
    ['BREAKER_LONGEST_WAIT', 2, 3600],
  ])('%s accepts %d to %d', (variable, least, most) => {
    for (const value of [least, most]) expect(problemsOf({ [variable]: String(value) })).toEqual([]);
    for (const value of [least - 1, most * 60 + 1]) {
      expect(problemsOf({ [variable]: String(value) })).not.toEqual([]);
    }
  });

  test('the limits of connections to hosts are configurable', () => {
    const config = testConfig({
      MAX_OPERATIONS_PER_HOST: '3',
      AGENT_SILENCE_TIMEOUT: '30',
      BREAKER_FAILURES: '4',
      BREAKER_FIRST_WAIT: '5',
      BREAKER_LONGEST_WAIT: '6',
      MAX_CONCURRENT_HANDSHAKES: '7',
      MAX_CONCURRENT_OPERATIONS: '8',
      CONNECT_TIMEOUT: '9',
      WINRM_OPERATION_TIMEOUT: '10',
      WINRM_IDLE_TIMEOUT: '61',
      WINRM_CLOSE_TIMEOUT: '12',
      WINRM_MAX_ENVELOPE_KB: '500',
    });
    expect(gatewayLimits(config)).toMatchObject({
      operationsPerHost: 3,
      silence: 30_000,
      breakerThreshold: 4,
      breakerFirstWait: 5000,
      breakerLongestWait: 6000,
      trusted: { handshakes: 7, operations: 8 },
      handshakeTimeout: 9000,
    });
    expect(transportLimits(config)).toEqual({
      connectTimeout: 6750,
      operationTimeout: 10_000,
      idleTimeout: 61_000,
      closeTimeout: 12_000,
      maxEnvelopeSize: 512_000,
    });
  });

  test.each(['', 'a b', 'Ä', 'a:b', 'x'.repeat(41), '-x'])('rejects the installation name %j', (name) => {
    const problems = problemsOf({ SERVICE_NAME: name });
    expect(problems).toEqual(name === '' ? [] : [expect.stringMatching(/^SERVICE_NAME: /)]);
  });

  test.each(['Program Files', 'C:', 'C:\\a\\', 'C:\\a"b', 'C:\\a&b', 'C:\\%TEMP%', '\\\\server\\share'])(
    'rejects the agent folder %s',
    (folder) => {
      expect(problemsOf({ HOST_INSTALL_DIRECTORY: folder })).toEqual([
        expect.stringMatching(/^HOST_INSTALL_DIRECTORY: /),
      ]);
    },
  );

  test('a password is taken unchanged, except for the final line break of files', () => {
    const read = (WINRM_PASSWORD: string): string | undefined =>
      testConfig({ ...credentials, WINRM_PASSWORD }).winrmPassword?.reveal();
    expect(read(' blanks around ')).toBe(' blanks around ');
    expect(read('from a file\n')).toBe('from a file');
    expect(read('from Windows\r\n')).toBe('from Windows');
    expect(read('\n')).toBeUndefined();
  });

  test.each(Object.entries(hostExamples))('accepts the documented example: %s', (_, HYPERV_HOSTS) => {
    expect(
      problemsOf({ ...credentials, WINRM_KERBEROS_PRINCIPAL: 'aether@EXAMPLE.ORG', HYPERV_HOSTS }),
    ).toEqual([]);
  });

  test('is documented by its generated files', async () => {
    const file = (path: string): string =>
      readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
    const path = new URL('../../../../docs/configuration.md', import.meta.url).pathname;
    const style = await resolveConfig(path);
    expect(file('docs/configuration.md')).toBe(
      await format(configurationDocument(), { ...style, parser: 'markdown' }),
    );
    expect(file('.env.example')).toBe(envExample());
  });
});
