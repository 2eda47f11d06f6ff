import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { clusterTargets, hostTargets } from '../../src/config/host-target.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { testConfig } from '../support/test-app.ts';

type Environment = Readonly<Record<string, string>>;

const password: Environment = { WINRM_USERNAME: 'aether', WINRM_PASSWORD: 'geheim' };
const principal: Environment = { WINRM_KERBEROS_PRINCIPAL: 'aether@FLEET.TEST' };
const cache: Environment = { WINRM_KERBEROS_CCACHE: 'FILE:/run/krb5cc' };

function problemsOf(environment: Environment): readonly string[] {
  const loaded = loadConfig(environment);
  return 'problems' in loaded ? loaded.problems : [];
}

/** Hosts and clusters in one line each: scheme, address, endpoint configuration. */
function reached(hosts: string, environment: Environment): readonly string[] {
  const config = testConfig({ HYPERV_HOSTS: hosts, ...environment });
  return [...hostTargets(config), ...clusterTargets(config)].map((target) =>
    target.kind === 'wsman'
      ? [target.scheme, target.address, target.configuration ?? ''].join(' ').trim()
      : target.kind === 'winrs'
        ? `${target.scheme} ${target.address}`
        : target.address,
  );
}

describe('connections to hosts', () => {
  test.each<[hosts: string, environment: Environment, way: string]>([
    ['hv01', password, 'ntlm http://hv01:5985/wsman'],
    ['hv01', principal, 'kerberos http://hv01:5985/wsman'],
    ['hv01', cache, 'kerberos http://hv01:5985/wsman'],
    ['hv01', { ...password, ...principal }, 'kerberos http://hv01:5985/wsman'],
    ['hv01', { ...password, WINRM_PORT: '5986' }, 'ntlm https://hv01:5986/wsman'],
    ['hv01:5986', password, 'ntlm https://hv01:5986/wsman'],
    ['hv01:5985', { ...password, WINRM_PORT: '5986' }, 'ntlm http://hv01:5985/wsman'],
    ['HV-01.Example.ORG', password, 'ntlm http://hv-01.example.org:5985/wsman'],
    ['[2001:db8::1]', password, 'ntlm http://[2001:db8::1]:5985/wsman'],
    ['192.0.2.7:47001', password, 'ntlm http://192.0.2.7:47001/wsman'],
    ['localhost', password, 'ntlm http://localhost:5985/wsman'],
    ['http://127.0.0.1:47001/hv01/wsman', password, 'basic http://127.0.0.1:47001/hv01/wsman'],
    [
      'http://127.0.0.1:47001/hv01/wsman',
      { ...password, ...principal },
      'basic http://127.0.0.1:47001/hv01/wsman',
    ],
    ['http://localhost:5985', principal, 'kerberos http://localhost:5985/wsman'],
    ['http://127.0.0.1:5985?auth=ntlm', password, 'ntlm http://127.0.0.1:5985/wsman'],
    ['https://127.0.0.1:5986', password, 'ntlm https://127.0.0.1:5986/wsman'],
    ['https://hv01:5986/wsman', password, 'ntlm https://hv01:5986/wsman'],
    ['https://hv01:5986/wsman', principal, 'kerberos https://hv01:5986/wsman'],
    ['https://hv01:5986?auth=basic', { ...password, ...principal }, 'basic https://hv01:5986/wsman'],
    [
      'https://hv01:5986/wsman?auth=kerberos&configuration=Aether-V.Jea',
      { ...password, ...principal },
      'kerberos https://hv01:5986/wsman Aether-V.Jea',
    ],
    ['http://hv01:5985/wsman', password, 'ntlm http://hv01:5985/wsman'],
    [
      'http://hv01:5985?auth=basic',
      { ...password, WINRM_ALLOW_PLAIN_HTTP: 'true' },
      'basic http://hv01:5985/wsman',
    ],
    ['winrs+https://HV01:5986', password, 'ntlm winrs+https://hv01:5986/wsman'],
    ['winrs+https://hv01:5986/?auth=basic', password, 'basic winrs+https://hv01:5986/wsman'],
    ['WinRS+https://hv01/x', { ...password, ...principal }, 'ntlm winrs+https://hv01/x'],
    ['winrs+http://127.0.0.1:5985', password, 'basic winrs+http://127.0.0.1:5985/wsman'],
    ['local:', {}, 'local:'],
    ['cluster:CL01.example.com', principal, 'kerberos cluster:http://cl01.example.com:5985/wsman'],
    ['Cluster:cl01:5986', password, 'ntlm cluster:https://cl01:5986/wsman'],
    [
      'cluster:https://cl01.example.com:5986?auth=ntlm&configuration=Aether-V',
      { ...password, ...principal },
      'ntlm cluster:https://cl01.example.com:5986/wsman Aether-V',
    ],
  ])('%s with %o', (hosts, environment, way) => {
    expect(reached(hosts, environment)).toEqual([way]);
  });

  test('each host may use a different connection', () => {
    expect(reached('local:, hv01, https://hv02:5986?auth=basic', { ...password, ...principal })).toEqual([
      'local:',
      'kerberos http://hv01:5985/wsman',
      'basic https://hv02:5986/wsman',
    ]);
  });
});

describe('parameters of a URL', () => {
  const plain = 'ab'.repeat(32);
  const withColons = Array.from({ length: 32 }, () => 'AB').join(':');

  test('fingerprint pins certificates, in every notation of common tools', () => {
    const [target] = hostTargets(
      testConfig({
        HYPERV_HOSTS: `https://hv01?fingerprint=${plain}&fingerprint=${withColons}&auth=ntlm`,
        ...password,
      }),
    );
    expect(target).toMatchObject({ address: 'https://hv01/wsman', fingerprints: [withColons, withColons] });
  });

  test('spn sets the Kerberos service principal name', () => {
    const config = testConfig({
      HYPERV_HOSTS: 'http://10.0.0.1:5985?spn=HTTP/hv01.example.org,hv02',
      ...principal,
    });
    expect(hostTargets(config)).toMatchObject([
      { spn: { service: 'HTTP', host: 'hv01.example.org' } },
      { spn: null },
    ]);
    expect(config.kerberosService).toBe('WSMAN');
  });
});

describe('an invalid host', () => {
  test.each([
    'hv 01',
    'hv01:0',
    'hv01:65536',
    'hv01:',
    'hv01/wsman',
    '-hv01',
    'local:x',
    'cluster:',
    'cluster:local:',
    'cluster:cluster:cl01',
    'cluster:192.0.2.7',
    'cluster:[2001:db8::1]',
    'cluster:https://192.0.2.7:5986',
    'cluster:https://cl01?auth=digest',
    'ftp://hv01/wsman',
    'https://',
    'https://hv01/wsman#x',
    'https://hv01/wsman?auth=digest',
    'https://hv01/wsman?auth=',
    'https://hv01/wsman?auth=ntlm&auth=basic',
    'https://hv01/wsman?configuration=a/b',
    'https://hv01/wsman?configuration=',
    'https://hv01/wsman?Auth=ntlm',
    'https://hv01?fingerprint=',
    `https://hv01?fingerprint=${'ab'.repeat(31)}`,
    `https://hv01?fingerprint=${'zz'.repeat(32)}`,
    `https://hv01?fingerprint=${'ab:'.repeat(31)}ab:`,
    `http://hv01?fingerprint=${'ab'.repeat(32)}`,
    'https://hv01?spn=hv01',
    'cluster:https://cl01?spn=HTTP/cl01',
    'https://hv01?spn=HTTP/',
    'https://hv01?spn=HTTP/a&spn=HTTP/b',
    'winrs+hv01',
    'winrs+ftp://hv01',
    'winrs+http://hv01:5985',
    'winrs+https://hv01?auth=kerberos',
    'winrs+https://hv01?spn=HTTP/hv01',
    'winrs+https://hv01?configuration=Aether-V',
    `winrs+https://hv01?fingerprint=${'ab'.repeat(32)}`,
    'cluster:winrs+https://cl01',
    'winrs+hv01',
    'winrs+ftp://hv01',
    'winrs+http://hv01:5985',
    'winrs+https://hv01?auth=kerberos',
    'winrs+https://hv01?spn=HTTP/hv01',
    'winrs+https://hv01?configuration=Aether-V',
    `winrs+https://hv01?fingerprint=${'ab'.repeat(32)}`,
    `winrs+https://hv01?fingerprint=${'ab'.repeat(32)}`,
  ])('%s', (host) => {
    const [problem = '', ...others] = problemsOf({ ...password, HYPERV_HOSTS: host });
    expect(others).toEqual([]);
    expect(problem).toMatch(/^HYPERV_HOSTS: /);
    expect(problem).toContain(`"${host}"`);
  });
});

describe('contradictory settings', () => {
  test.each<[title: string, environment: Environment, variables: readonly string[]]>([
    ['nobody to be', { HYPERV_HOSTS: 'hv01' }, ['WINRM_USERNAME']],
    ['no password', { HYPERV_HOSTS: 'hv01', WINRM_USERNAME: 'aether' }, ['WINRM_PASSWORD']],
    ['no user', { HYPERV_HOSTS: 'hv01', WINRM_PASSWORD: 'geheim' }, ['WINRM_USERNAME']],
    [
      'Kerberos without an identity',
      { ...password, HYPERV_HOSTS: 'https://hv01?auth=kerberos' },
      ['WINRM_KERBEROS_PRINCIPAL'],
    ],
    [
      'NTLM beside Kerberos, without a password',
      { ...principal, HYPERV_HOSTS: 'hv01,https://hv02?auth=ntlm' },
      ['WINRM_USERNAME'],
    ],
    [
      'a user whom Basic cannot name',
      { HYPERV_HOSTS: 'https://hv01?auth=basic', WINRM_USERNAME: 'a:b', WINRM_PASSWORD: 'geheim' },
      ['WINRM_USERNAME'],
    ],
    ['a keytab of nobody', { WINRM_KERBEROS_KEYTAB: '/etc/aether.keytab' }, ['WINRM_KERBEROS_PRINCIPAL']],
    [
      'a keytab and a cache',
      { ...principal, ...cache, WINRM_KERBEROS_KEYTAB: '/etc/aether.keytab' },
      ['WINRM_KERBEROS_CCACHE'],
    ],
    [
      'a readable password for a cluster',
      { ...password, HYPERV_HOSTS: 'cluster:http://cl01:5985?auth=basic' },
      ['HYPERV_HOSTS'],
    ],
    ['no password for a cluster', { HYPERV_HOSTS: 'cluster:cl01' }, ['WINRM_USERNAME']],
    ['a readable password', { ...password, HYPERV_HOSTS: 'http://hv01:5985?auth=basic' }, ['HYPERV_HOSTS']],
    [
      'a service principal name without Kerberos',
      { ...password, HYPERV_HOSTS: 'https://hv01?spn=HTTP/hv01' },
      ['HYPERV_HOSTS'],
    ],
    ['a first wait longer than the longest', { BREAKER_FIRST_WAIT: '61' }, ['BREAKER_FIRST_WAIT']],
    [
      'a host twice, as name and as URL',
      { ...password, HYPERV_HOSTS: 'hv01,http://HV01:5985/wsman?auth=ntlm' },
      ['HYPERV_HOSTS'],
    ],
    [
      'all at once',
      {
        HYPERV_HOSTS: 'hv01,hv01,local:',
        WINRM_PORT: '0',
        WINRM_KERBEROS_KEYTAB: 'x',
        WINRM_TLS_VERIFY: 'no',
        WINRM_CA_FILE: '/nonexistent',
      },
      [
        'HYPERV_HOSTS',
        'WINRM_CA_FILE',
        'WINRM_KERBEROS_PRINCIPAL',
        'WINRM_PORT',
        'WINRM_TLS_VERIFY',
        'WINRM_USERNAME',
      ],
    ],
  ])('%s', (_, environment, variables) => {
    const problems = problemsOf(environment);
    expect(problems.map((problem) => problem.split(':', 1)[0]).sort()).toEqual(variables);
    expect(problems.join()).not.toContain('geheim');
  });

  test('a principal with the system’s keytab or cache needs no further settings, and neither does this machine', () => {
    expect(problemsOf({ ...principal, HYPERV_HOSTS: 'hv01' })).toEqual([]);
    expect(problemsOf({ ...principal, HYPERV_HOSTS: 'hv01', WINRM_KERBEROS_KEYTAB: '/k' })).toEqual([]);
    expect(problemsOf({ HYPERV_HOSTS: 'local:' })).toEqual([]);
  });
});

describe('WINRM_CA_FILE', () => {
  function file(content: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'ca-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'ca.pem');
    writeFileSync(path, content);
    return path;
  }

  test('accepts a file with certificates', () => {
    const pem = rootCertificates.slice(0, 2).join('\n');
    const path = file(pem);
    expect(testConfig({ WINRM_CA_FILE: path }).caCertificates).toBe(pem);
    expect(problemsOf({ WINRM_CA_FILE: path, WINRM_TLS_VERIFY: 'false' })).toEqual([
      expect.stringMatching(/^WINRM_TLS_VERIFY: /),
    ]);
  });

  test('does not apply to WinRS, which only uses Node’s own certificates', () => {
    const environment = {
      ...password,
      HYPERV_HOSTS: 'winrs+https://hv01,hv02:5986',
      WINRM_CA_FILE: file(rootCertificates[0] ?? ''),
    };
    expect(problemsOf(environment)).toEqual([
      expect.stringMatching(/^WINRM_CA_FILE: .*winrs\+https:\/\/hv01\/wsman.*NODE_EXTRA_CA_CERTS/),
    ]);
    expect(problemsOf({ ...environment, NODE_EXTRA_CA_CERTS: '/etc/ca.pem' })).toEqual([]);
  });

  test.each([
    ['nothing', ''],
    ['something else', 'hello'],
    ['a damaged one', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ])('refuses a file with %s', (_, content) => {
    expect(problemsOf({ WINRM_CA_FILE: file(content) })).toEqual([expect.stringMatching(/^WINRM_CA_FILE: /)]);
  });
});
