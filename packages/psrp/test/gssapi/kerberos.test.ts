import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  buildEncryptedBody,
  kerberos,
  NegotiateAcceptor,
  parseEncryptedBody,
  type NegotiateAuthenticator,
} from '@aether-v/psrp/gssapi';
import { Harness } from '../server/harness.ts';
import { Kdc, kdcRealm } from './kdc.ts';
import { PythonAcceptor } from './python-acceptor.ts';
import {
  allFreed,
  answer,
  client,
  envelope,
  hostName,
  legToken,
  recordingProxy,
  refusal,
  skip,
  skipReason,
  soapContentType,
  hostPrincipal,
} from './support.ts';

const target = { url: new URL(`http://${hostName}:5985/wsman`) };

describe.skipIf(skip).each([
  { types: 'default encryption types', encryptionTypes: undefined, signature: 60 },
  { types: 'AES-SHA2', encryptionTypes: 'aes256-cts-hmac-sha384-192', signature: 72 },
])(`Kerberos with $types${skipReason}`, ({ encryptionTypes, signature }) => {
  let kdc: Kdc;
  let keytab: string;
  let hostKeytab: string;
  let authenticator: NegotiateAuthenticator;

  beforeAll(async () => {
    kdc = await Kdc.start(encryptionTypes === undefined ? {} : { encryptionTypes });
    // The process of this test file stands for the service: its environment is its starter's to choose.
    process.env['KRB5_CONFIG'] = kdc.config;
    keytab = await kdc.principal('svc');
    hostKeytab = await kdc.principal(hostPrincipal);
    authenticator = kerberos({ principal: `svc@${kdcRealm}`, keytab, host: hostName });
  });
  afterAll(async () => {
    authenticator.dispose();
    await kdc.stop();
    await allFreed();
  });

  test('authenticates to our listener and seals both directions: the wire shows no content', async () => {
    const acceptor = new NegotiateAcceptor({ keytab: hostKeytab });
    {
      await using harness = await Harness.start({ authentication: acceptor.authenticate });
      await using proxy = await recordingProxy(harness.url);
      await using wsman = client(proxy.url, authenticator);
      for (let round = 0; round < 3; round += 1) {
        expect(await wsman.identify()).toMatchObject({ productVendor: 'Microsoft Corporation' });
      }
      expect(harness.connections).toBe(1);
      const wire = proxy.bytes();
      expect(wire.includes('multipart/encrypted')).toBe(true);
      for (const word of ['Envelope', 'Identify', 'Microsoft', 'xmlsoap']) {
        expect(wire.includes(word), word).toBe(false);
      }
    }
    await acceptor.close();
  });

  test('keeps a context for each of many parallel connections', async () => {
    const acceptor = new NegotiateAcceptor({ keytab: hostKeytab });
    const principals = new Set<string>();
    {
      await using harness = await Harness.start({
        authentication: async (http) => {
          const verdict = await acceptor.authenticate(http);
          if (verdict.kind === 'accepted') principals.add(verdict.principal);
          return verdict;
        },
      });
      await using wsman = client(harness.url, authenticator);
      await Promise.all(Array.from({ length: 20 }, () => wsman.identify()));
      expect(principals).toEqual(new Set([`svc@${kdcRealm}`]));
    }
    await acceptor.close();
  });

  test('and an acceptor in Python open each other’s messages', async () => {
    const python = new PythonAcceptor(['kerberos', hostKeytab]);
    const connection = await signedIn(authenticator, python);
    for (const message of [envelope, Buffer.alloc(0), Buffer.alloc(300_000, 7)]) {
      const [part] = parseEncryptedBody(connection.wrap({ contentType: soapContentType, body: message }));
      expect(part?.signature.length).toBe(signature);
      expect(part?.data.length).toBe(message.length);
      const wrapped = Buffer.concat([part?.signature ?? Buffer.alloc(0), part?.data ?? Buffer.alloc(0)]);
      expect(await python.ask('OPEN', wrapped)).toEqual({ word: 'SEALED', data: message });
      const sealed = (await python.ask('SEAL', message)).data;
      expect(connection.unwrap(bodyOf(sealed, signature)).equals(message)).toBe(true);
      const again = (await python.ask('SEAL', message)).data;
      const turned = rotated(again, signature - 32);
      expect(connection.unwrap(bodyOf(turned, signature)).equals(message)).toBe(true);
    }
    connection.dispose();
    await python.close();
  });

  test('opens a response of several parts', async () => {
    const python = new PythonAcceptor(['kerberos', hostKeytab]);
    const connection = await signedIn(authenticator, python);
    const [first, second] = [Buffer.from('<s:Env'), Buffer.from('elope/>')];
    const one = bodyOf((await python.ask('SEAL', first)).data, signature);
    const two = bodyOf((await python.ask('SEAL', second)).data, signature);
    const body = Buffer.concat([
      one.body.subarray(0, -Buffer.byteLength('--Encrypted Boundary--\r\n')),
      two.body,
    ]);
    expect(connection.unwrap({ ...one, body }).toString()).toBe('<s:Envelope/>');
    connection.dispose();
    await python.close();
  });

  test('refuses responses that are only signed, changed, repeated or in clear text', async () => {
    const python = new PythonAcceptor(['kerberos', hostKeytab]);
    const connection = await signedIn(authenticator, python);
    const code = (open: () => unknown): unknown => {
      try {
        return open();
      } catch (error) {
        return error;
      }
    };
    const open = (body: ReturnType<typeof bodyOf>) => code(() => connection.unwrap(body));
    const good = (await python.ask('SEAL', envelope)).data;
    const changed = Buffer.from(good);
    changed.writeUInt8(changed.readUInt8(changed.length - 100) ^ 1, changed.length - 100);
    expect(open(bodyOf(changed, signature))).toMatchObject({ code: 'bad-seal' });
    expect(open(bodyOf(good, signature))).toEqual(envelope);
    expect(open(bodyOf(good, signature))).toMatchObject({ code: 'bad-seal' });
    const signed = (await python.ask('SIGN', envelope)).data;
    expect(open(bodyOf(signed, signed.length - envelope.length))).toMatchObject({ code: 'not-sealed' });
    expect(open({ contentType: soapContentType, body: envelope })).toMatchObject({ code: 'not-sealed' });
    connection.dispose();
    await python.close();
  });

  test('refuses a host that omits or corrupts its last token', async () => {
    for (const change of [
      () => undefined,
      (token: Buffer) => Buffer.from(token.map((byte, at) => (at === token.length - 5 ? byte ^ 1 : byte))),
    ]) {
      const python = new PythonAcceptor(['kerberos', hostKeytab]);
      const connection = authenticator.forConnection(target);
      const { data } = await python.ask('ACCEPT', legToken(await connection.step(undefined)));
      const step = await connection.step(answer(200, change(data)));
      expect(['not-authentic', 'bad-token']).toContain(refusal(step));
      expect(() => connection.wrap({ contentType: soapContentType, body: envelope })).toThrow('not sealed');
      connection.dispose();
      await python.close();
    }
  });

  test('accepts a keytab’s content, and leaves nothing behind', async () => {
    const inMemory = kerberos({ principal: 'svc', keytab: await readFile(keytab), host: hostName });
    const connection = inMemory.forConnection(target);
    expect((await connection.step(undefined)).kind).toBe('leg');
    connection.dispose();
    inMemory.dispose();
  });

  test('accepts a credential cache', async () => {
    const ccache = `FILE:${kdc.folder}/ccache`;
    await kdc.program('/usr/bin/kinit', ['-k', '-t', keytab, '-c', ccache, 'svc']);
    const cached = kerberos({ ccache, host: hostName });
    const connection = cached.forConnection(target);
    expect((await connection.step(undefined)).kind).toBe('leg');
    connection.dispose();
    cached.dispose();
  });

  afterEach(() => expect(process.env['KRB5_CONFIG']).toBe(kdc.config));
});

async function signedIn(authenticator: NegotiateAuthenticator, python: PythonAcceptor) {
  const connection = authenticator.forConnection(target);
  const accepted = await python.ask('ACCEPT', legToken(await connection.step(undefined)));
  expect(accepted.word).toBe('COMPLETE');
  expect(await connection.step(answer(200, accepted.data))).toEqual({ kind: 'ready' });
  return connection;
}

function bodyOf(token: Buffer, signature: number) {
  return buildEncryptedBody(
    { signature: token.subarray(0, signature), data: token.subarray(signature) },
    soapContentType,
  );
}

/** Turns a wrap token as hosts do (RFC 4121 4.2.5): its last bytes come to stand after its header. */
function rotated(token: Buffer, count: number): Buffer {
  const header = Buffer.from(token.subarray(0, 16));
  header.writeUInt16BE(count, 6);
  const split = token.length - count;
  return Buffer.concat([header, token.subarray(split), token.subarray(16, split)]);
}
