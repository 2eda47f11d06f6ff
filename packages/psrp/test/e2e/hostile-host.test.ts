import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { RunspacePool, WsmanError, wsmanTransport } from '../../src/client/index.ts';
import { PsrpError } from '../../src/core/index.ts';
import type { InterceptedRequest, Interceptor } from '../../src/server/index.ts';
import { until } from '../server/harness.ts';
import { hostAuthenticator, startHost, type Host } from './host.ts';

/** The kinds of requests, by when a client makes them. */
const stages: Readonly<Record<string, (request: InterceptedRequest) => boolean>> = {
  'open a shell': ({ action }) => action === 'create',
  'tell of the pool': ({ action, commandId }) => action === 'receive' && commandId === undefined,
  'start a command': ({ action }) => action === 'command',
  'take input': ({ action, commandId }) => action === 'send' && commandId !== undefined,
  'answer a pool': ({ action, commandId }) => action === 'send' && commandId === undefined,
  'tell of a command': ({ action, commandId }) => action === 'receive' && commandId !== undefined,
  'signal a command': ({ action }) => action === 'signal',
  'delete a shell': ({ action }) => action === 'delete',
};

/** What a host does to a request, instead of answering. */
const attacks: Readonly<Record<string, Interceptor>> = {
  'cuts the connection': ({ http }) => (http.socket.destroy(), Promise.resolve(undefined)),
  'does the work, then cuts the connection': async ({ http }, next) => {
    await next();
    http.socket.destroy();
    return undefined;
  },
  'cuts the answer in the middle': async ({ response }, next) => {
    const answer = await next();
    if (answer === undefined) return undefined;
    response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
    response.write(answer.body.subarray(0, answer.body.length / 2), () => response.destroy());
    return undefined;
  },
  'never answers': () => Promise.resolve(undefined),
  'stalls in the middle of the answer': async ({ response }, next) => {
    const answer = await next();
    if (answer === undefined) return undefined;
    response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
    response.write(answer.body.subarray(0, answer.body.length / 2));
    return undefined;
  },
  'answers without end': ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/soap+xml' });
    const more = (): void => {
      if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(more));
    };
    more();
    return Promise.resolve(undefined);
  },
  'answers with a fault': () => Promise.resolve(reply(500, fault(1359))),
  'answers that the shell is gone': () => Promise.resolve(reply(500, fault(2150858843))),
  'answers that the shell is disconnected': () => Promise.resolve(reply(500, fault(2150859204))),
  'answers with nothing': () => Promise.resolve(reply(200, '')),
  'answers with a web page': () => Promise.resolve(reply(200, '<html><body>Sign in</body></html>')),
  'answers something else': () => Promise.resolve(reply(200, otherAnswer)),
  'answers with 401': () => Promise.resolve(reply(401, '')),
  'answers with 400': () => Promise.resolve(reply(400, '')),
};

const ns = 'http://schemas.microsoft.com/wbem/wsman/1';
const otherAnswer =
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing">' +
  '<s:Header><a:Action>http://example.net/other</a:Action></s:Header><s:Body/></s:Envelope>';
const fault = (code: number): string =>
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code>` +
  `<s:Detail><f:WSManFault xmlns:f="${ns}/wsmanfault" Code="${code}"/></s:Detail></s:Fault></s:Body></s:Envelope>`;

function reply(status: number, body: string) {
  return { status, headers: { 'content-type': 'application/soap+xml' }, body: Buffer.from(body) };
}

/** Does all that a client does and says how each step ended: each has to end, one way or the other. */
async function live(host: Host, signal: AbortSignal, isSilent: boolean): Promise<Record<string, string>> {
  const transport = wsmanTransport({
    url: host.url,
    authenticator: hostAuthenticator,
    operationTimeoutMs: 100,
    // Long enough for a busy machine, where nothing has to run out.
    timeoutSlackMs: isSilent ? 1000 : 20_000,
    closeTimeoutMs: isSilent ? 1000 : 20_000,
  });
  const ends: Record<string, string> = {};
  const end = async (name: string, step: Promise<unknown>): Promise<void> => {
    ends[name] = await step.then(
      () => 'resolved',
      (error: unknown) => (error instanceof WsmanError || error instanceof PsrpError ? error.code : 'other'),
    );
  };
  let pool: RunspacePool | undefined;
  await end(
    'open',
    RunspacePool.open(transport, { maxRunspaces: 5, signal }).then((opened) => (pool = opened)),
  );
  if (pool === undefined) return ends;
  const stopped = pool.invoke({ command: 'Wait-Forever' }, { signal, stopTimeoutMs: 200 });
  const parameters = { Request: 'x' };
  await Promise.all([
    end('call', pool.invoke({ command: 'Get-AgentInfo', parameters }, { signal }).collect()),
    end('input', pool.invoke({ command: 'Measure-Input' }, { signal, input: [1, 2, 3] }).collect()),
    end('pool call', pool.getAvailableRunspaces({ signal: AbortSignal.timeout(isSilent ? 1000 : 20_000) })),
    end('first output', stopped.output.next()).then(() => end('stop', stopped.stop())),
    end('stopped', stopped.completed),
  ]);
  await end('close', pool.close());
  await end('ended', pool.ended);
  return ends;
}

describe.concurrent.each(Object.keys(stages))('a host that, when it should %s,', (stage) => {
  test.each(Object.keys(attacks))('%s, leaves nothing behind', async (name) => {
    const [attack, isStage] = [attacks[name], stages[stage]];
    let attacked = 0;
    await using host = await startHost((request, next) => {
      if (attack === undefined || isStage?.(request) !== true) return next();
      attacked += 1;
      return attack(request, next);
    });
    const { signal } = new AbortController();
    const ends = await live(host, signal, /never|stalls/.test(name));
    expect(attacked).toBeGreaterThan(0);
    // The pool call may be given up by the caller: then it rejects with the signal's reason.
    if (stage !== 'answer a pool') expect(Object.values(ends)).not.toContain('other');
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    await until(() => host.sockets.size === 0);
    if (stage !== 'delete a shell') expect(host.listener.shellCount).toBe(0);
  });
});
