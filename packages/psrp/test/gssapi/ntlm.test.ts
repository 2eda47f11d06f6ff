import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildEncryptedBody, NegotiateAcceptor, ntlm, parseEncryptedBody } from '@aether-v/psrp/gssapi';
import { failure } from '../client/connect.ts';
import { Harness } from '../server/harness.ts';
import { PythonAcceptor } from './python-acceptor.ts';
import {
  allFreed,
  answer,
  client,
  envelope,
  legToken,
  recordingProxy,
  refusal,
  skip,
  skipReason,
  soapContentType,
} from './support.ts';

const user = 'WORKGROUP\\operator';
const password = 'päss word';
const target = { url: new URL('http://host.test:5985/wsman') };

describe.skipIf(skip)(`NTLM${skipReason}`, () => {
  let folder: string;
  let ntlmUserFile: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ntlm-'));
    ntlmUserFile = join(folder, 'users');
    await writeFile(ntlmUserFile, `WORKGROUP:operator:${password}\n`);
    // The process of this test file stands for the host: its environment is its starter's to choose.
    process.env['NTLM_USER_FILE'] = ntlmUserFile;
  });
  afterEach(allFreed);
  afterAll(() => rm(folder, { recursive: true }));

  test('authenticates to our listener and seals both directions: the wire shows no content', async () => {
    const acceptor = new NegotiateAcceptor({ ntlm: true });
    const authenticator = ntlm({ user, password });
    {
      await using harness = await Harness.start({ authentication: acceptor.authenticate });
      await using proxy = await recordingProxy(harness.url);
      await using wsman = client(proxy.url, authenticator);
      for (let round = 0; round < 3; round += 1) {
        expect(await wsman.identify()).toMatchObject({ productVendor: 'Microsoft Corporation' });
      }
      for (const word of ['Envelope', 'Identify', 'Microsoft', 'xmlsoap']) {
        expect(proxy.bytes().includes(word), word).toBe(false);
      }
    }
    authenticator.dispose();
    await acceptor.close();
  });

  test('is refused with a wrong password', async () => {
    const acceptor = new NegotiateAcceptor({ ntlm: true });
    const authenticator = ntlm({ user, password: 'guess' });
    {
      await using harness = await Harness.start({ authentication: acceptor.authenticate });
      await using wsman = client(harness.url, authenticator);
      const error = await failure(wsman.identify());
      expect(error).toMatchObject({ code: 'access-denied', started: false });
      expect(error.message).toContain('The host refuses the credentials');
      expect(harness.listener.traffic.requests).toBe(0);
    }
    authenticator.dispose();
    await acceptor.close();
  });

  test('is not offered by a host with Kerberos only, nor used with one that does not offer Negotiate', async () => {
    const acceptor = new NegotiateAcceptor({ keytab: '/nonexistent' });
    const authenticator = ntlm({ user, password });
    {
      await using harness = await Harness.start({ authentication: acceptor.authenticate });
      await using wsman = client(harness.url, authenticator);
      expect((await failure(wsman.identify())).code).toBe('access-denied');
    }
    const connection = authenticator.forConnection(target);
    await connection.step(undefined);
    const step = await connection.step({ status: 401, wwwAuthenticate: ['Basic realm="WSMAN"'] });
    expect(refusal(step)).toBe('denied');
    connection.dispose();
    authenticator.dispose();
    await acceptor.close();
  });

  test('and an acceptor in Python open each other’s messages', async () => {
    const python = new PythonAcceptor(['ntlm'], { NTLM_USER_FILE: ntlmUserFile });
    const authenticator = ntlm({ user, password });
    const connection = authenticator.forConnection(target);
    const offered = await python.ask('ACCEPT', legToken(await connection.step(undefined)));
    expect(offered.word).toBe('CONTINUE');
    const proof = await connection.step(answer(401, offered.data));
    expect((await python.ask('ACCEPT', legToken(proof))).word).toBe('COMPLETE');
    expect(await connection.step({ status: 200, wwwAuthenticate: [] })).toEqual({ kind: 'ready' });
    for (let round = 0; round < 3; round += 1) {
      const [part] = parseEncryptedBody(connection.wrap({ contentType: soapContentType, body: envelope }));
      expect(part?.signature.length).toBe(16);
      const wrapped = Buffer.concat([part?.signature ?? Buffer.alloc(0), part?.data ?? Buffer.alloc(0)]);
      expect(await python.ask('OPEN', wrapped)).toEqual({ word: 'SEALED', data: envelope });
      const { data: token } = await python.ask('SEAL', envelope);
      const sealed = { signature: token.subarray(0, 16), data: token.subarray(16) };
      expect(connection.unwrap(buildEncryptedBody(sealed, soapContentType)).equals(envelope)).toBe(true);
    }
    const { data: token } = await python.ask('SEAL', envelope);
    token.writeUInt8(token.readUInt8(40) ^ 1, 40);
    const forged = { signature: token.subarray(0, 16), data: token.subarray(16) };
    expect(() => connection.unwrap(buildEncryptedBody(forged, soapContentType))).toThrow('seal');
    expect(() => connection.unwrap({ contentType: soapContentType, body: envelope })).toThrow('not sealed');
    connection.dispose();
    authenticator.dispose();
    await python.close();
  });
});
