import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  basicAuthentication,
  createPsrpShell,
  routeByPath,
  WsmanListener,
  type CommandContext,
  type InterceptedRequest,
  type ServerAuthentication,
  type WsmanListenerOptions,
} from '@aether-v/psrp/server';
import { agentCommand, sessionCommand } from '@aether-v/types';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/common/clock.ts';
import type { HostEndpoint } from '../../src/config/host-endpoint.ts';
import { basicEndpoint } from './endpoints.ts';
import { FakeHost } from './fake-agents.ts';

/** What a host does to requests instead of answering them. */
export type WireFault =
  'silent' | 'receive-hangs' | 'stall-body' | 'cut-body' | 'refuse' | 'forget-shells' | 'deny';

const beginning =
  'HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: 4096\r\n\r\n<s:Envelope';

const shellNotFound = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code>
<s:Reason><s:Text xml:lang="en-US">gone</s:Text></s:Reason><s:Detail>
<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="2150858843" Machine="hv1"/></s:Detail></s:Fault></s:Body></s:Envelope>`;

/** An agent in memory behind a real WinRM listener with PowerShell Remoting, on loopback. */
export class ServedHost {
  readonly agent: FakeHost;
  readonly listener: WsmanListener;
  fault: WireFault | undefined;
  /** False is a host on which the agent was never installed. */
  installed = true;
  readonly #open = new Set<InterceptedRequest>();

  constructor(
    agent: FakeHost,
    authentication: ServerAuthentication = basicAuthentication(
      (user, password) => user === 'operator' && password === 'secret',
    ),
    options: Pick<WsmanListenerOptions, 'quotas'> = {},
  ) {
    this.agent = agent;
    this.listener = new WsmanListener({
      ...options,
      backend: createPsrpShell({
        commands: { [agentCommand.name]: (context) => this.#run(context) },
        find: (name) => (sessionCommand.test(name) ? (context) => this.#run(context) : undefined),
      }),
      authentication,
      intercept: async (request, next) => {
        this.#open.add(request);
        request.response.once('close', () => this.#open.delete(request));
        if (this.#spoil(request)) return undefined;
        const reply = await next();
        // A fault that began meanwhile has dealt with this request as well.
        return this.#isSpoiled(request) ? undefined : reply;
      },
    });
  }

  /** Begins a fault, also for the requests that wait. */
  begin(fault: WireFault): void {
    this.fault = fault;
    for (const request of this.#open) this.#spoil(request);
  }

  async #run(context: CommandContext): Promise<void> {
    const envelope = context.parameters.get(agentCommand.parameter);
    if (!this.installed || typeof envelope !== 'string') throw new Error('no agent');
    const session = await this.agent.open(context.signal);
    for await (const line of session.run(envelope, context.signal)) await context.write(line);
    await session.close();
  }

  #isSpoiled({ action }: InterceptedRequest): boolean {
    return this.fault !== undefined && (this.fault !== 'receive-hangs' || action === 'receive');
  }

  #spoil(request: InterceptedRequest): boolean {
    if (!this.#isSpoiled(request)) return false;
    const { socket } = request.http;
    if (this.fault === 'refuse') socket.resetAndDestroy();
    else if (this.fault === 'stall-body') socket.write(beginning);
    else if (this.fault === 'cut-body') socket.write(beginning, () => socket.destroy());
    else if (this.fault === 'forget-shells') request.response.writeHead(500).end(shellNotFound);
    else if (this.fault === 'deny') request.response.writeHead(401).end();
    return true;
  }
}

/** Hosts on one port, each on its own path, until they are disposed. */
export async function serveHosts(
  hosts: readonly ServedHost[],
): Promise<AsyncDisposable & { readonly endpoints: readonly HostEndpoint[]; readonly server: Server }> {
  const byPath = new Map<string, WsmanListener>();
  for (const host of hosts) byPath.set(`/${host.agent.hostId}/wsman`, host.listener);
  const server = createServer(routeByPath((path) => byPath.get(path)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    endpoints: hosts.map((host) => basicEndpoint(`${origin}/${host.agent.hostId}/wsman`)),
    server,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(hosts.map((host) => host.listener.close()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One host that is served until the test ends. */
export async function oneHost(): Promise<{ host: ServedHost; endpoint: HostEndpoint }> {
  const host = new ServedHost(new FakeHost('hv1', systemClock));
  const served = await serveHosts([host]);
  onTestFinished(() => served[Symbol.asyncDispose]());
  const [endpoint] = served.endpoints;
  if (endpoint === undefined) throw new RangeError('no endpoint');
  return { host, endpoint };
}
