import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildEncryptedBody, GssapiError, parseEncryptedBody } from '@aether-v/psrp/gssapi';

const soapContentType = 'application/soap+xml;charset=UTF-8';
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const part = fc.record({ signature: bytes(72), data: bytes(300) });

describe('encrypted bodies', () => {
  test('match the example of MS-WSMV 2.2.9.1', () => {
    const { contentType, body } = buildEncryptedBody(
      { signature: Buffer.from('SIG'), data: Buffer.from('DATA!') },
      soapContentType,
    );
    expect(contentType).toBe(
      'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"',
    );
    expect(body.toString('latin1')).toBe(
      '--Encrypted Boundary\r\n' +
        '\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n' +
        '\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=5\r\n' +
        '--Encrypted Boundary\r\n' +
        '\tContent-Type: application/octet-stream\r\n' +
        '\x03\0\0\0SIGDATA!' +
        '--Encrypted Boundary--\r\n',
    );
  });

  test('return every part, including one that looks like a boundary', () => {
    const hostile = fc.constant({
      signature: Buffer.alloc(0),
      data: Buffer.from('--Encrypted Boundary--\r\n'),
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(part, hostile), { minLength: 1, maxLength: 5 }), (parts) => {
        const bodies = parts.map((one) => buildEncryptedBody(one, soapContentType));
        const end = Buffer.byteLength('--Encrypted Boundary--\r\n');
        const joined = bodies.map(({ body }, index) =>
          index === bodies.length - 1 ? body : body.subarray(0, body.length - end),
        );
        const contentType = bodies[0]?.contentType ?? '';
        expect(parseEncryptedBody({ contentType, body: Buffer.concat(joined) })).toEqual(parts);
      }),
    );
  });

  test('are read in equivalent spellings', () => {
    const body = Buffer.from(
      '--b\r\ncontent-type: application/http-spnego-session-encrypted\r\n' +
        'originalcontent: type=application/soap+xml; length=2\r\n--b\r\nContent-Type: application/octet-stream\r\n' +
        '\x01\0\0\0shi--b--',
      'latin1',
    );
    const contentType =
      'Multipart/Encrypted; boundary=b; protocol="application/HTTP-SPNEGO-session-encrypted"';
    expect(parseEncryptedBody({ contentType, body })).toEqual([
      { signature: Buffer.from('s'), data: Buffer.from('hi') },
    ]);
  });

  test('that are not multipart/encrypted are not sealed', () => {
    expect(
      codeOf(() => parseEncryptedBody({ contentType: soapContentType, body: Buffer.from('<x/>') })),
    ).toBe('not-sealed');
    expect(codeOf(() => parseEncryptedBody({ contentType: '', body: Buffer.alloc(0) }))).toBe('not-sealed');
  });

  const whole = buildEncryptedBody(
    { signature: Buffer.alloc(60, 1), data: Buffer.alloc(40, 2) },
    soapContentType,
  );

  test('that are truncated anywhere but in their last line break are refused', () => {
    for (let length = 0; length < whole.body.length - 2; length += 1) {
      const body = whole.body.subarray(0, length);
      expect(
        codeOf(() => parseEncryptedBody({ ...whole, body })),
        `cut at ${length}`,
      ).toBe('bad-seal');
    }
  });

  test.each([
    [
      'a signature of 4 GB',
      (body: Buffer) => body.fill(0xff, body.indexOf('\x3c\0\0\0'), body.indexOf('\x3c\0\0\0') + 4),
    ],
    ['something after the end', (body: Buffer) => Buffer.concat([body, Buffer.from('x')])],
    ['a length that is no number', (body: Buffer) => replaced(body, 'Length=40', 'Length=4x')],
    ['a length too great', (body: Buffer) => replaced(body, 'Length=40', 'Length=99')],
    ['a length too small', (body: Buffer) => replaced(body, 'Length=40', 'Length=39')],
    ['another protocol', (body: Buffer) => replaced(body, 'SPNEGO', 'CREDSS')],
  ])('with %s are refused', (_what, change) => {
    const body = change(Buffer.from(whole.body));
    expect(codeOf(() => parseEncryptedBody({ ...whole, body }))).toBe('bad-seal');
  });

  test('never make the parser fail in any other way', () => {
    const mutation = fc.tuple(fc.nat(whole.body.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 8 }), fc.nat(), (mutations, cut) => {
        const body = Buffer.from(whole.body).subarray(0, cut % 7 === 0 ? cut % whole.body.length : undefined);
        for (const [at, byte] of mutations) if (at < body.length) body[at] = byte;
        try {
          const total = parseEncryptedBody({ ...whole, body }).reduce(
            (sum, { data }) => sum + data.length,
            0,
          );
          expect(total).toBeLessThanOrEqual(body.length);
        } catch (error) {
          expect(error).toBeInstanceOf(GssapiError);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});

function replaced(body: Buffer, from: string, to: string): Buffer {
  return Buffer.from(body.toString('latin1').replace(from, to), 'latin1');
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof GssapiError) return error.code;
    throw error;
  }
  return 'nothing';
}
