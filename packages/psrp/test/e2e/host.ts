import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { psObject } from '../../src/clixml/index.ts';
import { basic, RunspacePool, wsmanTransport, type RequestObservation } from '../../src/client/index.ts';
import {
  basicAuthentication,
  createPsrpShell,
  routeByPath,
  sameSecret,
  WsmanListener,
  type Clock,
  type CommandContext,
  type CommandHandler,
  type Interceptor,
  type ServerAuthentication,
} from '../../src/server/index.ts';

export const hostAuthenticator = basic('operator', 'secret');

/** What the commands of the host have seen. */
export const seen = { stopped: 0, running: 0, most: 0 };

const commands: Record<string, CommandHandler> = {
  'Get-AgentInfo': (context) => context.write(`agent for ${text(context, 'Request')}`),
  'Get-VM': async (context) => {
    await context.write(psObject({ Name: 'web01', State: 'Running' }));
    await context.writeWarning('web02 is locked');
    await context.write(psObject({ Name: 'web02', State: 'Off' }));
  },
  'Write-Everything': async (context) => {
    await context.writeVerbose('verbose');
    await context.writeDebug('debug');
    await context.writeWarning('warning');
    await context.writeInformation({
      message: 'information',
      messageData: 'information',
      source: 'test',
      timeGenerated: undefined,
      tags: [],
      user: undefined,
      computer: undefined,
      processId: undefined,
    });
    await context.writeProgress({
      activity: 'progress',
      activityId: 1,
      statusDescription: undefined,
      currentOperation: undefined,
      parentActivityId: -1,
      percentComplete: 50,
      secondsRemaining: -1,
      type: 'processing',
    });
    await context.writeError({
      message: 'error',
      fullyQualifiedErrorId: 'Oops',
      category: 'InvalidOperation',
    });
    await context.write('output');
  },
  'Get-Megabytes': async (context) => {
    const block = 'x'.repeat(1_048_576);
    for (let index = 0; index < Number(context.parameters.get('Count')); index += 1)
      await context.write(block);
  },
  'Get-Blocks': async (context) => {
    const block = 'x'.repeat(Number(context.parameters.get('Size')));
    for (let index = 0; index < Number(context.parameters.get('Count')); index += 1)
      await context.write(block);
  },
  'Wait-Forever': async (context) => {
    await context.write('waiting');
    await new Promise<void>((resolve) =>
      context.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    seen.stopped += 1;
  },
  'Measure-Input': async (context) => {
    let sum = 0;
    for await (const value of context.input) sum += Number(value);
    await context.write(sum);
  },
  'Get-Index': async (context) => {
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    await new Promise((resolve) => setImmediate(resolve));
    await context.write(Number(context.parameters.get('Index')));
    seen.running -= 1;
  },
};

/** What {@link startHost} makes. */
export type Host = Awaited<ReturnType<typeof startHost>>;

/** How a host is reached, where it is not by Basic over plain HTTP. */
export interface HostWays {
  readonly authentication?: ServerAuthentication;
  readonly tls?: { readonly key: string; readonly cert: string };
}

const hostAuthentication = basicAuthentication(
  (user, password) => user === 'operator' && sameSecret(password, 'secret'),
);

/** A host with those commands on a real loopback port; counted and observed. */
export async function startHost(
  intercept?: Interceptor,
  clock?: Clock,
  { authentication = hostAuthentication, tls }: HostWays = {},
) {
  const listener = new WsmanListener({
    backend: createPsrpShell({ commands }),
    authentication,
    ...(intercept === undefined ? {} : { intercept }),
    ...(clock === undefined ? {} : { clock }),
  });
  const handler = routeByPath((path) => (path === '/wsman' ? listener : undefined));
  const server = tls === undefined ? createServer(handler) : createTlsServer(tls, handler);
  server.keepAliveTimeout = 120_000;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const requests: RequestObservation[] = [];
  const scheme = tls === undefined ? 'http' : 'https';
  const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/wsman`;
  return {
    url,
    listener,
    requests,
    /** Connections that are open. */
    sockets,
    open: (maxRunspaces = 5) =>
      RunspacePool.open(
        wsmanTransport({
          url,
          authenticator: hostAuthenticator,
          onRequest: (request) => requests.push(request),
        }),
        { maxRunspaces },
      ),
    [Symbol.asyncDispose]: async () => {
      await listener.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function text(context: CommandContext, name: string): string {
  const value = context.parameters.get(name);
  return typeof value === 'string' ? value : '';
}
