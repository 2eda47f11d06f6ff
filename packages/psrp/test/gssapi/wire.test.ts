import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, RunspacePool, wsmanTransport, type Authenticator } from '@aether-v/psrp/client';
import { kerberos, NegotiateAcceptor, ntlm } from '@aether-v/psrp/gssapi';
import { basicAuthentication, createPsrpShell, type ServerAuthentication } from '@aether-v/psrp/server';
import { Harness } from '../server/harness.ts';
import { Kdc, kdcRealm } from './kdc.ts';
import { allFreed, hostName, recordingProxy, skip, skipReason, hostPrincipal } from './support.ts';

/** Bytes that must not stand side by side both in a body and on the wire. */
const runLength = 8;
const marker = 'Marker-7f3a9c51-in-the-clear-';

/** An authenticator that notes every body before it is sealed and after it was opened. */
function noting(inner: Authenticator, bodies: Buffer[]): Authenticator {
  return {
    exposesSecret: inner.exposesSecret,
    forConnection: (target) => {
      const made = inner.forConnection(target);
      return {
        step: (challenge) => made.step(challenge),
        wrap: (message) => {
          bodies.push(Buffer.from(message.body));
          return made.wrap(message);
        },
        unwrap: (message) => {
          const body = made.unwrap(message);
          bodies.push(Buffer.from(body));
          return body;
        },
        dispose: () => made.dispose(),
      };
    },
  };
}

/** The bytes, and what the runs of base64 in them stand for. */
function* withDecoded(bytes: Buffer): Generator<Buffer> {
  yield bytes;
  for (const [run] of bytes.toString('latin1').matchAll(/[A-Za-z0-9+/]{12,}={0,2}/g)) {
    // A run may begin in the middle of a group of four.
    for (let shift = 0; shift < 4; shift += 1) yield Buffer.from(run.slice(shift), 'base64');
  }
}

function runsOf(all: Iterable<Buffer>): Set<string> {
  const runs = new Set<string>();
  for (const bytes of all) {
    const text = bytes.toString('latin1');
    for (let at = 0; at + runLength <= text.length; at += 1) runs.add(text.slice(at, at + runLength));
  }
  return runs;
}

/** Runs of the bodies that stand on the wire though nothing of what is sent readably has them. */
function leaks(bodies: readonly Buffer[], wire: Buffer, readable: readonly string[]): string[] {
  const secret = runsOf(bodies.flatMap((body) => [...withDecoded(body)]));
  for (const run of runsOf(readable.map((line) => Buffer.from(line, 'latin1')))) secret.delete(run);
  return [...runsOf(withDecoded(wire))].filter((run) => secret.has(run) && saysSomething(run));
}

/** Not little more than zeros (or `A`, their base64): every binary header has those, of fragments as of tokens. */
function saysSomething(run: string): boolean {
  return run.replaceAll(/[\0A]/g, '').length >= runLength / 2;
}

/** A whole session, with marked requests, answers, errors and input, through a proxy that records. */
async function session(
  authentication: ServerAuthentication,
  authenticator: Authenticator,
  maxEnvelopeSize = 512_000,
) {
  const backend = createPsrpShell({
    commands: {
      'Copy-Marker': async (context) => {
        await context.writeWarning(`${marker}warning`);
        await context.writeError({ message: `${marker}error`, fullyQualifiedErrorId: 'Marked' });
        for (const value of context.parameters.values()) await context.write(value);
        for await (const value of context.input) await context.write(value);
      },
    },
  });
  await using harness = await Harness.start({ backend, authentication, maxEnvelopeSize });
  await using proxy = await recordingProxy(harness.url);
  const bodies: Buffer[] = [];
  const statuses: (number | undefined)[] = [];
  const Value = marker.repeat(2_000);
  {
    await using pool = await RunspacePool.open(
      wsmanTransport({
        url: proxy.url,
        authenticator: noting(authenticator, bodies),
        onRequest: ({ status }) => statuses.push(status),
      }),
      { applicationArguments: `${marker}arguments` },
    );
    const pipeline = pool.invoke({ command: 'Copy-Marker', parameters: { Value } }, { input: [marker] });
    const { output, errors } = await pipeline.collect();
    expect([output, errors.length]).toEqual([[Value, marker], 1]);
  }
  const { host, pathname } = new URL(proxy.url);
  /** What MS-WSMV 2.2.9.1 and HTTP have in the clear. */
  const readable = [
    `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`,
    'content-type: multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"\r\n',
    'content-type: application/soap+xml;charset=UTF-8\r\nuser-agent: Aether-V\r\ncontent-length: 0\r\n',
    '\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=',
  ];
  const marked = bodies.filter((body) =>
    [...withDecoded(body)].some((bytes) => bytes.includes(marker)),
  ).length;
  return { bodies, wire: proxy.bytes(), readable, marked, statuses };
}

test('the check finds unsealed content', async () => {
  const { bodies, wire, readable } = await session(
    basicAuthentication(() => true),
    basic('operator', 'secret'),
  );
  expect(leaks(bodies, wire, readable).length).toBeGreaterThan(1_000);
});

describe.skipIf(skip)(`a whole session reveals no content on the wire${skipReason}`, () => {
  let kdc: Kdc;
  let folder: string;
  beforeAll(async () => {
    kdc = await Kdc.start();
    folder = await mkdtemp(join(tmpdir(), 'ntlm-'));
    const users = join(folder, 'users');
    await writeFile(users, 'WORKGROUP:operator:secret\n');
    // The process of this test file stands for the service and the host: its environment is its starter's to choose.
    process.env['KRB5_CONFIG'] = kdc.config;
    process.env['NTLM_USER_FILE'] = users;
  });
  afterAll(async () => {
    await allFreed();
    await kdc.stop();
    await rm(folder, { recursive: true });
  });

  test('over Kerberos', async () => {
    const keytab = await kdc.principal('svc');
    const acceptor = new NegotiateAcceptor({ keytab: await kdc.principal(hostPrincipal) });
    const authenticator = kerberos({ principal: `svc@${kdcRealm}`, keytab, host: hostName });
    const seen = await session(acceptor.authenticate, authenticator);
    // Tickets name their realm in the clear (RFC 4120 5.3), as do the answers that tell who owns the shell.
    expect(leaks(seen.bodies, seen.wire, [...seen.readable, kdcRealm])).toEqual([]);
    expect(seen.marked).toBeGreaterThan(2);
    authenticator.dispose();
    await acceptor.close();
  });

  test('over NTLM', async () => {
    const acceptor = new NegotiateAcceptor({ ntlm: true });
    const authenticator = ntlm({ user: 'WORKGROUP\\operator', password: 'secret' });
    const seen = await session(acceptor.authenticate, authenticator);
    expect(leaks(seen.bodies, seen.wire, seen.readable)).toEqual([]);
    expect(seen.marked).toBeGreaterThan(2);
    authenticator.dispose();
    await acceptor.close();
  });

  test('nor if the host finds a sealed request too long and receives it in shorter ones', async () => {
    const acceptor = new NegotiateAcceptor({ ntlm: true });
    const authenticator = ntlm({ user: 'WORKGROUP\\operator', password: 'secret' });
    const seen = await session(acceptor.authenticate, authenticator, 40_000);
    expect(seen.statuses).toContain(413);
    expect(leaks(seen.bodies, seen.wire, seen.readable)).toEqual([]);
    authenticator.dispose();
    await acceptor.close();
  });
});
