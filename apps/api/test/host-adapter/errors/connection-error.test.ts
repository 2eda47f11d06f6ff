import { describe, expect, test } from 'vitest';
import { CertificateError, WsmanError } from '@aether-v/psrp/client';
import { PsrpError } from '@aether-v/psrp/core';
import { GssapiError, GssapiUnavailableError, type GssapiErrorCode } from '@aether-v/psrp/gssapi';
import { hostError } from '../../../src/host-adapter/errors/connection-error.ts';

function denied(cause: Error): WsmanError {
  return new WsmanError('access-denied', `Access denied: ${cause.message}`, {
    cause,
    status: 401,
    started: false,
  });
}

function tls(code: string): WsmanError {
  const cause = Object.assign(new Error(code), { code });
  return new WsmanError('tls', `TLS failed (${code})`, { cause, started: false });
}

describe('a failed handshake', () => {
  test.each<[GssapiErrorCode, string, RegExp]>([
    ['clock-skew', 'access-denied', /NTP/],
    ['unknown-service', 'access-denied', /setspn/],
    ['key-version', 'access-denied', /setspn -X/],
    ['bad-password', 'access-denied', /keytab/],
    ['expired', 'access-denied', /Renew/],
    ['account-closed', 'access-denied', /Unlock/],
    ['denied', 'access-denied', /password/],
    ['kdc-unreachable', 'host-unreachable', /krb5\.conf/],
    ['mechanism-missing', 'host-unreachable', /gss-ntlmssp/],
    ['legacy-algorithms', 'host-unreachable', /legacy\.so/],
  ])('by %s reports the problem and its remedy', (code, expected, remedy) => {
    const cause = new GssapiError(code, 'own words');
    expect(hostError(denied(cause), false)).toMatchObject({
      code: expected,
      began: false,
      message: expect.stringContaining('(own words)') as string,
      remedy: expect.stringMatching(remedy) as string,
    });
  });

  test('without a library reports what to install', () => {
    const cause = new GssapiUnavailableError('libgssapi_krb5.so.2', new Error('not found'));
    expect(hostError(denied(cause), false)).toMatchObject({
      code: 'host-unreachable',
      message: expect.stringContaining('libgssapi_krb5.so.2') as string,
      remedy: expect.stringContaining('Install libgssapi-krb5-2') as string,
    });
  });

  test('is distinguished from an account without permission', () => {
    const forbidden = new WsmanError('access-denied', 'Access is denied', { status: 403, started: false });
    expect(hostError(forbidden, false)).toMatchObject({
      code: 'access-denied',
      message: 'The host accepts the credentials, but the account may not open a PowerShell session.',
      problem: 'not-allowed',
    });
    expect(hostError(denied(new Error('the host does not offer Basic')), false)).toMatchObject({
      code: 'access-denied',
      remedy: expect.stringContaining('WINRM_PASSWORD') as string,
    });
  });

  test('with a broken seal is not treated as a response of the host', () => {
    const cause = new GssapiError('bad-seal');
    const error = new WsmanError('protocol', 'A message could not be opened', { cause, started: true });
    expect(hostError(error, true)).toMatchObject({ code: 'host-unreachable', began: true });
  });
});

describe('a certificate that is not trusted', () => {
  test.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /self-signed/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /authority/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /authority/],
    ['CERT_HAS_EXPIRED', /expired/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /does not support TLS/],
    ['CERT_REVOKED', /cannot be trusted/],
  ])('%s', (code, says) => {
    expect(hostError(tls(code), false)).toMatchObject({
      code: 'host-unreachable',
      began: false,
      message: expect.stringMatching(says) as string,
      remedy: expect.stringMatching(/\w/) as string,
    });
  });

  test.each([
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'The host’s certificate is for a different name.'],
    ['ERR_TLS_CERT_FINGERPRINT', 'The host’s certificate does not match the pinned fingerprint.'],
  ])('%s: the error shows the certificate', (code, says) => {
    const cause = new CertificateError(code, {
      subject: 'CN=hv02',
      names: ['DNS:hv02'],
      issuer: 'CN=hv02',
      validFrom: new Date(0),
      validTo: new Date(1),
      fingerprint256: 'AB:CD',
    });
    expect(hostError(new WsmanError('tls', 'TLS failed', { cause, started: false }), false)).toMatchObject({
      message: `${says} It is issued for DNS:hv02; its SHA-256 fingerprint is AB:CD.`,
    });
  });
});

test.each<[string, ErrorOptions | undefined, string]>([
  ['powershell-missing', { cause: new Error('spawn pwsh ENOENT') }, 'could not be started'],
  ['powershell-ended', undefined, 'ended with code 1'],
])('%s is distinguished from a host problem', (problem, options, why) => {
  const cause = new PsrpError('process-failed', why, options);
  const wrapped = new PsrpError('pool-broken', 'The transport failed', { cause });
  for (const error of [cause, wrapped]) {
    expect(hostError(error, false)).toMatchObject({
      code: 'host-unreachable',
      problem,
      message: expect.stringContaining(`It reported: ${why}`) as string,
      remedy: expect.stringContaining('pwsh') as string,
    });
  }
});
