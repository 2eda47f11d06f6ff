import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { WsmanClient, type Authenticator } from '@aether-v/psrp/client';
import {
  outstanding,
  type GssapiErrorCode,
  type NegotiateConnection,
  type NegotiateStep,
} from '@aether-v/psrp/gssapi';
import { missingParts } from './kdc.ts';

export const hostName = 'host.test';
export const hostPrincipal = `WSMAN/${hostName}`;
export const envelope = Buffer.from(`<s:Envelope>${'x'.repeat(5_000)}\u00e9</s:Envelope>`);
export const soapContentType = 'application/soap+xml;charset=UTF-8';

const missing = missingParts();
const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('kdc');

/** Skips where parts of the system are missing, unless they are required: then the tests fail by themselves. */
export const skip = missing.length > 0 && !required;
export const skipReason = skip ? ` (skipped: ${missing.join(', ')} not installed)` : '';

/** Waits until every native object is freed; a leak is what is left after many turns of the event loop. */
export async function allFreed(): Promise<void> {
  const isEmpty = async () => Object.values(await outstanding()).every((count) => count === 0);
  for (let turn = 0; turn < 10_000 && !(await isEmpty()); turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await outstanding()).toEqual({ names: 0, credentials: 0, contexts: 0, buffers: 0 });
}

/** A client that is closed at the end of its block. */
export function client(url: string, authenticator: Authenticator): WsmanClient & AsyncDisposable {
  const made = new WsmanClient({ url, authenticator });
  return Object.assign(made, { [Symbol.asyncDispose]: () => made.close() });
}

/** The token of a step that has to be a leg. */
export function legToken(step: NegotiateStep): Buffer {
  if (step.kind !== 'leg') throw new Error(`not a leg but ${step.kind}`, { cause: step });
  return Buffer.from(step.authorization.replace('Negotiate ', ''), 'base64');
}

/** An answer of a host with a token. */
export function answer(status: number, token?: Buffer) {
  const value = token === undefined ? 'Negotiate' : `Negotiate ${token.toString('base64')}`;
  return { status, wwwAuthenticate: [value] };
}

/** The code of a step that has to be a refusal. */
export function refusal(step: NegotiateStep): GssapiErrorCode | undefined {
  return step.kind === 'refused' ? step.cause.code : undefined;
}

/** The refusal of a first step, or of its connection's next one. */
export async function firstRefusal(connection: NegotiateConnection): Promise<GssapiErrorCode | undefined> {
  try {
    return refusal(await connection.step(undefined));
  } finally {
    connection.dispose();
  }
}

/** Records what goes over the wire, both ways. */
export async function recordingProxy(url: string) {
  const { hostname, port } = new URL(url);
  const seen: Buffer[] = [];
  const server = createServer((socket) => {
    const upstream = connect(Number(port), hostname);
    socket.on('data', (data: Buffer) => seen.push(data));
    upstream.on('data', (data: Buffer) => seen.push(data));
    socket.pipe(upstream).pipe(socket);
    for (const side of [socket, upstream]) side.on('error', () => side.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxied = new URL(url);
  proxied.port = String((server.address() as AddressInfo).port);
  return {
    url: proxied.href,
    bytes: () => Buffer.concat(seen),
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
