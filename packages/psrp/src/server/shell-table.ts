import type { WsmanRequest, WsmanResponse } from '../wsman/index.ts';
import type { Clock } from './clock.ts';
import type { AnyCreate, Endpoint } from './endpoint.ts';
import { FaultReply } from './reply.ts';
import { backendFault, ShellSession, type ShellPacing } from './shell-session.ts';

/** Options of a {@link ShellTable}. Durations are in milliseconds. */
export interface ShellTableOptions {
  /** Endpoints by resource URI. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly clock: Clock;
  readonly pacing: ShellPacing;
  /** Default IdleTimeOut, if the client gives none. */
  readonly idleTimeoutMs: number;
  readonly minIdleTimeoutMs: number;
  readonly maxIdleTimeoutMs: number;
}

/** Sender of a request and limits of its response. */
export interface RequestContext {
  readonly principal: string;
  readonly clientAddress: string;
  /** URL that the client used, for the endpoint reference in the response to Create. */
  readonly endpoint: string;
  readonly operationTimeoutMs: number | undefined;
  /** Maximum stream data within the client's MaxEnvelopeSize, in bytes. */
  readonly maxStreamBytes: number;
  /** Aborted when the client's socket closes. */
  readonly gone: AbortSignal;
}

/** Shells of one host. */
export class ShellTable {
  readonly #options: ShellTableOptions;
  readonly #shells = new Map<string, ShellSession>();
  readonly #operations = new Operations();

  constructor(options: ShellTableOptions) {
    this.#options = options;
  }

  /** Number of open shells. */
  get size(): number {
    return this.#shells.size;
  }

  /** Processes a request. Rejects with FaultReply, StatusReply or ClientGone. */
  async answer(request: WsmanRequest, context: RequestContext): Promise<WsmanResponse> {
    if (request.action === 'create') return this.#create(request, context);
    if (request.action === 'enumerate') {
      const own = [...this.#shells.values()].filter((shell) => shell.owner === context.principal);
      return { action: 'enumerate', shells: own.map((shell) => shell.describe()) };
    }
    const shell = this.#shells.get(request.shellId.toUpperCase());
    if (shell?.owner !== context.principal) throw new FaultReply('shellNotFound');
    return this.#operations.run(shell.endpoint, context.principal, () =>
      shell.serve(this.#expiry(request.shellId), () => this.#serve(shell, request, context)),
    );
  }

  /** Closes all shells. */
  async close(): Promise<void> {
    const shells = [...this.#shells.values()];
    this.#shells.clear();
    await Promise.all(shells.map((shell) => shell.close()));
  }

  async #serve(
    shell: ShellSession,
    request: Exclude<WsmanRequest, { action: 'create' | 'enumerate' }>,
    context: RequestContext,
  ): Promise<WsmanResponse> {
    switch (request.action) {
      case 'command':
        return shell.command(request);
      case 'send':
        return shell.send(request);
      case 'receive':
        return shell.receive(request, {
          timeoutMs: context.operationTimeoutMs,
          maxBytes: context.maxStreamBytes,
          gone: context.gone,
        });
      case 'signal':
        return shell.signal(request);
      case 'disconnect':
        return shell.disconnect(request.idleTimeoutMs);
      case 'reconnect':
        return shell.reconnect();
      case 'delete':
        this.#shells.delete(request.shellId.toUpperCase());
        await shell.close();
        return { action: 'delete' };
      case 'connect':
        throw new FaultReply('invalidAction', 'Shells of other sessions cannot be connected to');
    }
  }

  async #create(request: AnyCreate, context: RequestContext): Promise<WsmanResponse> {
    const { idleTimeoutMs, shellId, endpoint } = this.#admit(request, context.principal);
    const { clock, pacing } = this.#options;
    const { resourceUri } = request;
    const name = request.name === undefined ? {} : { name: request.name };
    const { principal, clientAddress } = context;
    const shell = new ShellSession(
      {
        shellId,
        resourceUri,
        ...name,
        owner: principal,
        clientAddress,
        idleTimeoutMs,
        state: 'Connected',
        runTimeMs: 0,
        inactivityMs: 0,
      },
      endpoint,
      pacing,
      clock,
    );
    this.#shells.set(shellId, shell);
    return shell.serve(this.#expiry(shellId), async () => {
      try {
        await shell.attach(await endpoint.open(request, { shellId, principal, output: shell.output }));
      } catch (cause) {
        this.#shells.delete(shellId);
        throw backendFault(cause);
      }
      return { action: 'create', endpoint: context.endpoint, shell: shell.describe() };
    });
  }

  #admit(
    request: AnyCreate,
    principal: string,
  ): { shellId: string; idleTimeoutMs: number; endpoint: Endpoint } {
    const { endpoints, minIdleTimeoutMs, maxIdleTimeoutMs } = this.#options;
    const endpoint = endpoints.get(request.resourceUri);
    if (endpoint === undefined) throw new FaultReply('resourceNotFound');
    const shellId = endpoint.admit(request);
    const idleTimeoutMs = request.idleTimeoutMs ?? this.#options.idleTimeoutMs;
    if (idleTimeoutMs < minIdleTimeoutMs || idleTimeoutMs > maxIdleTimeoutMs) {
      throw new FaultReply('idleTimeoutBounds');
    }
    if (this.#shells.has(shellId)) throw new FaultReply('shellExists');
    this.#requireRoom(endpoint, principal);
    return { shellId, idleTimeoutMs, endpoint };
  }

  /** @throws {FaultReply} if a quota on shells or users is exhausted. Only the shells of this endpoint count. */
  #requireRoom(endpoint: Endpoint, principal: string): void {
    const { quotas, quotaFaults } = endpoint;
    const owners = [...this.#shells.values()]
      .filter((shell) => shell.endpoint === endpoint)
      .map(({ owner }) => owner);
    const own = owners.filter((owner) => owner === principal).length;
    const users = new Set(owners).size;
    if (own >= quotas.shellsPerUser) throw new FaultReply(quotaFaults.shellsPerUser);
    if (own === 0 && users >= quotas.users) throw new FaultReply(quotaFaults.users);
    if (owners.length >= quotas.shells) throw new FaultReply(quotaFaults.shells);
  }

  #expiry(shellId: string): () => void {
    const id = shellId.toUpperCase();
    return () => {
      const shell = this.#shells.get(id);
      this.#shells.delete(id);
      // A backend's failure to close cannot be reported to any client.
      shell?.close().catch(() => undefined);
    };
  }
}

/** Counts pending requests by endpoint and account. */
class Operations {
  readonly #counts = new Map<Endpoint, Map<string, number>>();

  async run<T>(endpoint: Endpoint, principal: string, task: () => Promise<T>): Promise<T> {
    const counts = this.#counts.get(endpoint) ?? new Map<string, number>();
    this.#counts.set(endpoint, counts);
    const count = counts.get(principal) ?? 0;
    if (count >= endpoint.quotas.operationsPerUser) {
      throw new FaultReply(endpoint.quotaFaults.operationsPerUser);
    }
    counts.set(principal, count + 1);
    try {
      return await task();
    } finally {
      const left = (counts.get(principal) ?? 1) - 1;
      if (left > 0) counts.set(principal, left);
      else counts.delete(principal);
    }
  }
}
