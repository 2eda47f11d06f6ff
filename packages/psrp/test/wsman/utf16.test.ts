import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NegotiateAcceptor, ntlm } from '@aether-v/psrp/gssapi';
import { basic, WsmanClient, type Authenticator } from '../../src/client/index.ts';
import { failure } from '../client/connect.ts';
import { skip, skipReason } from '../gssapi/support.ts';
import { Harness, testPassword, testUser } from '../server/harness.ts';
import { decodeText, originalContentType } from '../../src/wsman/index.ts';

const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const littleMark = Buffer.from([0xff, 0xfe]);
const bigMark = Buffer.from([0xfe, 0xff]);

/** The ways of writing an envelope that a peer may choose, with the content type that goes with each. */
const writings: Readonly<Record<string, readonly [contentType: string, write: (text: string) => Buffer]>> = {
  'UTF-8': ['application/soap+xml;charset=UTF-8', (text) => Buffer.from(text)],
  'UTF-8 with a mark': ['application/soap+xml', (text) => Buffer.from(`\ufeff${text}`)],
  'UTF-16 with a mark': [
    'application/soap+xml;charset=UTF-16',
    (text) => Buffer.concat([littleMark, Buffer.from(text, 'utf16le')]),
  ],
  'UTF-16, big-endian, with a mark': [
    'application/soap+xml;charset="utf-16"',
    (text) => Buffer.concat([bigMark, swapped(text)]),
  ],
  'UTF-16 without a mark': ['application/soap+xml; charset=utf-16', (text) => Buffer.from(text, 'utf16le')],
  'UTF-16BE without a mark': ['application/soap+xml;charset=utf-16be', swapped],
  'UTF-16 with a wrong label': [
    'application/soap+xml;charset=UTF-8',
    (text) => Buffer.concat([littleMark, Buffer.from(text, 'utf16le')]),
  ],
  'UTF-8 labelled as UTF-16': ['application/soap+xml;charset=UTF-16', (text) => Buffer.from(text)],
};

describe('the text of a message', () => {
  test.each(Object.entries(writings))('is read in %s', (_, [contentType, write]) => {
    expect(decodeText({ contentType, body: write('<a>é€😀</a>') })).toBe('<a>é€😀</a>');
  });

  test('is read by its charset if nothing else determines it', () => {
    const body = Buffer.from('<a>é</a>', 'latin1');
    expect(decodeText({ contentType: 'text/xml;charset=iso-8859-1', body })).toBe('<a>é</a>');
    expect(decodeText({ contentType: 'text/xml;charset=unheard-of', body: Buffer.from('<a>é</a>') })).toBe(
      '<a>é</a>',
    );
  });

  test('has the original’s type if it was sealed', () => {
    const contentType = 'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted"';
    const head =
      '--Encrypted Boundary\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-16;Length=10\r\n';
    expect(originalContentType({ contentType, body: Buffer.from(head) })).toContain('charset=UTF-16');
  });
});

/** An authenticator whose requests leave in another writing. */
function writing(
  authenticator: Authenticator,
  [contentType, write]: (typeof writings)[string],
): Authenticator {
  return {
    exposesSecret: authenticator.exposesSecret,
    forConnection: (target) => {
      const connection = authenticator.forConnection(target);
      return {
        step: (challenge) => connection.step(challenge),
        wrap: ({ body }) => connection.wrap({ contentType, body: write(body.toString('utf8')) }),
        unwrap: (message) => connection.unwrap(message),
        dispose: () => connection.dispose(),
      };
    },
  };
}

const shellGone =
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code>` +
  `<s:Reason><s:Text>Größe</s:Text></s:Reason><s:Detail><f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="2150858843"/>` +
  `</s:Detail></s:Fault></s:Body></s:Envelope>`;

/** A listener and a client that write as a peer may; a listener that is asked for shells answers with a fault. */
async function exchange(
  way: (typeof writings)[string],
  ways: { authentication?: NegotiateAcceptor['authenticate']; authenticator: Authenticator },
): Promise<void> {
  const [contentType, write] = way;
  await using harness = await Harness.start({
    ...(ways.authentication === undefined ? {} : { authentication: ways.authentication }),
    intercept: async ({ action }, next) => {
      if (action === 'enumerate')
        return { status: 500, headers: { 'content-type': contentType }, body: write(shellGone) };
      const answer = await next();
      if (answer === undefined || answer.body.length === 0) return answer;
      const body = write(answer.body.toString('utf8'));
      return { ...answer, headers: { ...answer.headers, 'content-type': contentType }, body };
    },
  });
  const client = new WsmanClient({ url: harness.url, authenticator: writing(ways.authenticator, way) });
  try {
    expect(await client.identify()).toMatchObject({ productVendor: 'Microsoft Corporation' });
    const error = await failure(client.shells());
    expect([error.fault?.isShellNotFound, error.fault?.reason]).toEqual([true, 'Größe']);
  } finally {
    await client.close();
  }
}

describe('requests, responses and faults', () => {
  test.each(Object.entries(writings))('are read in %s', async (_, way) => {
    await exchange(way, { authenticator: basic(testUser, testPassword) });
  });
});

describe.skipIf(skip)(`sealed requests, responses and faults${skipReason}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'utf16-'));
    // The process of this test file stands for the host: its environment is its starter's to choose.
    process.env['NTLM_USER_FILE'] = join(folder, 'users');
    await writeFile(join(folder, 'users'), 'WORKGROUP:operator:s3cret\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(Object.entries(writings))('are read in %s', async (_, way) => {
    const acceptor = new NegotiateAcceptor({ ntlm: true });
    const authenticator = ntlm({ user: 'WORKGROUP\\operator', password: 's3cret' });
    try {
      await exchange(way, { authentication: acceptor.authenticate, authenticator });
    } finally {
      authenticator.dispose();
      await acceptor.close();
    }
  });
});
