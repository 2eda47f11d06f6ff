import { randomUUID } from 'node:crypto';
import {
  basic,
  WsmanClient,
  WsmanError,
  wsmanTransport,
  type WsmanClientOptions,
  type WsmanTransportOptions,
} from '../../src/client/index.ts';
import { bytes, contentOf, fragmentOf, text, type FakeCommand } from '../server/fake-backend.ts';
import { testPassword, testUser, type Harness } from '../server/harness.ts';

/** For calls that no test aborts. */
export const never: AbortSignal = new AbortController().signal;
export const authenticator = basic(testUser, testPassword);

export function transportTo(harness: Harness, options: Partial<WsmanTransportOptions> = {}) {
  return wsmanTransport({ url: harness.url, authenticator, ...options });
}

export function clientOf(
  harness: { readonly url: string },
  options: Partial<WsmanClientOptions> = {},
): WsmanClient {
  return new WsmanClient({ url: harness.url, authenticator, ...options });
}

export async function opened(harness: Harness, options: Partial<WsmanTransportOptions> = {}) {
  const transport = transportTo(harness, options);
  const poolId = randomUUID();
  await transport.open({ poolId, creation: bytes('hello'), name: 'Aether-V' }, never);
  return { transport, poolId };
}

export async function collect(output: AsyncIterable<Uint8Array>): Promise<string[]> {
  const all: string[] = [];
  for await (const chunk of output) all.push(text(contentOf(chunk)));
  return all;
}

/** A command that has written everything before its Command is answered. */
export function echo(command: FakeCommand): void {
  void command.opening.output.write(fragmentOf(`echo ${text(command.opening.args)}`));
  void command.opening.output.write(fragmentOf('state'));
  command.opening.output.end(0);
}

/** What a call rejects with, which must be a WsmanError. */
export async function failure(call: Promise<unknown>): Promise<WsmanError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof WsmanError) return error;
  throw new Error('the call did not fail with a WsmanError', { cause: error });
}
