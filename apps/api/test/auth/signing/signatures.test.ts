import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hashOfBody,
  isNonce,
  matchesSignature,
  signature1,
  signature2,
  signatureHash,
  type SignedRequest,
} from '../../../src/auth/signing/signatures.ts';
import { Secret } from '../../../src/config/secret.ts';

const secret = new Secret('s3cret');
const body = Buffer.from('{}');

describe('signature 1', () => {
  test('is the HMAC-SHA256 of the raw body and the timestamp as sent', () => {
    // printf '{}1796072400' | openssl dgst -sha256 -hmac s3cret
    const expected = createHmac('sha256', 's3cret').update('{}1796072400').digest('hex');
    expect(signature1(secret, body, '1796072400').toString('hex')).toBe(expected);
    expect(matchesSignature(signature1(secret, body, '1796072400'), expected.toUpperCase())).toBe(true);
  });

  test('covers bytes that are no text', () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    const expected = createHmac('sha256', 's3cret')
      .update(Buffer.concat([bytes, Buffer.from('1796072400')]))
      .digest('hex');
    expect(matchesSignature(signature1(secret, bytes, '1796072400'), expected)).toBe(true);
  });
});

describe('signature 2', () => {
  const request: SignedRequest = {
    method: 'POST',
    target: '/vm/web%201/start?host=hv01',
    timestamp: '1796072400.5',
    nonce: '0123456789abcdef',
    bodyHash: hashOfBody(body),
  };

  test('is the HMAC-SHA256 of six lines', () => {
    const lines = [
      'aether-vm-2',
      'POST',
      '/vm/web%201/start?host=hv01',
      '1796072400.5',
      '0123456789abcdef',
      createHash('sha256').update('{}').digest('hex'),
    ];
    const expected = createHmac('sha256', 's3cret').update(lines.join('\n')).digest('hex');
    expect(signature2(secret, request).toString('hex')).toBe(expected);
  });

  test.each([
    ['method', { method: 'GET' }],
    ['address', { target: '/vm/web%201/shutdown?host=hv01' }],
    ['query', { target: '/vm/web%201/start?host=hv02' }],
    ['timestamp', { timestamp: '1796072400.6' }],
    ['nonce', { nonce: '0123456789abcdeg' }],
    ['body', { bodyHash: hashOfBody(Buffer.from('{ }')) }],
  ])('changes with the %s', (_, change) => {
    expect(signature2(secret, { ...request, ...change }).equals(signature2(secret, request))).toBe(false);
  });

  test.each([
    ['0123456789abcdef', true],
    ['f2b0c7a0-5b1d-4bb0-9a54-0c7d7c2e5f11', true],
    ['YWJjZGVmZ2hpamtsbW5vcA==', true],
    ['short', false],
    ['0123456789abcdef\n', false],
    ['0123456789 abcdef', false],
    ['a'.repeat(129), false],
  ])('takes "%s" as a nonce: %s', (nonce, expected) => {
    expect(isNonce(nonce)).toBe(expected);
  });
});

describe('the comparison of signatures', () => {
  const expected = signature1(secret, body, '1');

  test('accepts every mix of cases and no other digits', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }), fc.nat(63), (upper, at) => {
        const digits = Array.from(expected.toString('hex'));
        const mixed = digits.map((digit, index) => (upper[index] === true ? digit.toUpperCase() : digit));
        expect(matchesSignature(expected, mixed.join(''))).toBe(true);
        mixed[at] = digits[at] === '0' ? '1' : '0';
        expect(matchesSignature(expected, mixed.join(''))).toBe(false);
      }),
    );
  });

  test.each(['', 'ab', `${'a'.repeat(63)}g`, `${expected.toString('hex')}00`, expected.toString('base64')])(
    'refuses "%s"',
    (given) => {
      expect(matchesSignature(expected, given)).toBe(false);
    },
  );

  test('the hash of a signature is one of its bytes, not of its digits', () => {
    expect(signatureHash(expected)).toBe(createHash('sha256').update(expected).digest('hex'));
  });
});
