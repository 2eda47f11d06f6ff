import {
  RunspacePool,
  wsmanTransport,
  WsmanClient,
  WsmanError,
  type Invocation,
} from '@aether-v/psrp/client';
import { toPlain } from '@aether-v/psrp/clixml';
import { PipelineFailedError, type ErrorRecord } from '@aether-v/psrp/core';
import type { HostEndpoint } from '../../config/host-endpoint.ts';
import type { HostTarget, WsmanTarget } from '../../config/host-target.ts';
import type { Config } from '../../config/settings.ts';
import type { AgentSources } from '../agent/agent-sources.ts';
import { configuredDeployment } from '../agent/configured-deployment.ts';
import { hostError, isShellGone } from '../errors/connection-error.ts';
import { Authenticators } from './authenticators.ts';
import { transportLimits } from './configured-limits.ts';
import { HostGateway } from './host-gateway.ts';
import {
  PowerShellRefusal,
  type HostProbe,
  type ProbedAgent,
  type ProbeFault,
  type ProbeIdentity,
  type ProbeRequest,
  type ProbeShell,
} from './host-probe.ts';
import { hostTransport, wsmanOptions, type HostTransportOptions } from './host-transport.ts';
import { sessionOver, type PsrpSession } from './psrp-session.ts';

/** A resource that does not exist on any host. */
const nowhere = 'http://schemas.microsoft.com/powershell/Aether-V.NoSuchEndpoint';

/** Time for the agent to identify itself, in milliseconds. */
const agentTimeout = 30_000;

/** Creates a probe for a host that uses PowerShell Remoting, with the service's configuration. */
export function configuredProbe(endpoint: HostEndpoint, config: Config): HostProbe {
  const authenticators = new Authenticators(config);
  const { allowPlainHttp, caCertificates, verifyTls } = config;
  const limits = transportLimits(config);
  const options = { authenticators, allowPlainHttp, caCertificates, verifyTls, runspaces: 1, limits };
  return {
    identify: (signal) => identify(remote(endpoint), options, signal),
    open: async (signal) => {
      try {
        const pool = await RunspacePool.open(hostTransport(remoting(endpoint), options), {
          name: 'Aether-V doctor',
          signal,
        });
        return new PoolShell(endpoint, pool, configuredDeployment(config));
      } catch (error) {
        throw hostError(error, false);
      }
    },
    provokeFault: (signal) => provokeFault(remote(endpoint), options, signal),
    dispose: () => authenticators.dispose(),
  };
}

function remoting({ target }: HostEndpoint): Exclude<HostTarget, { kind: 'winrs' }> {
  if (target.kind === 'winrs') throw new TypeError(`${target.address} does not use PowerShell Remoting`);
  return target;
}

function remote({ target }: HostEndpoint): WsmanTarget {
  if (target.kind !== 'wsman') throw new TypeError(`${target.address} does not use WS-Management`);
  return target;
}

async function identify(
  target: WsmanTarget,
  options: HostTransportOptions,
  signal: AbortSignal,
): Promise<ProbeIdentity> {
  try {
    const client = new WsmanClient(wsmanOptions(target, options));
    try {
      const { productVendor, productVersion } = await client.identify(signal);
      return { vendor: productVendor, version: productVersion };
    } finally {
      await client.close();
    }
  } catch (error) {
    throw hostError(error, false);
  }
}

async function provokeFault(
  target: WsmanTarget,
  options: HostTransportOptions,
  signal: AbortSignal,
): Promise<ProbeFault | null> {
  try {
    const transport = wsmanTransport({ ...wsmanOptions(target, options), resourceUri: nowhere });
    const pool = await RunspacePool.open(transport, { signal });
    await pool.close();
    return null;
  } catch (error) {
    if (!(error instanceof WsmanError)) throw hostError(error, false);
    const { fault } = error;
    return fault === undefined ? null : { code: fault.code, text: fault.detail ?? fault.reason };
  }
}

/** A session over a pool with one runspace. */
class PoolShell implements ProbeShell {
  readonly #endpoint: HostEndpoint;
  readonly #pool: RunspacePool;
  readonly #sources: AgentSources;
  #lost = false;

  constructor(endpoint: HostEndpoint, pool: RunspacePool, sources: AgentSources) {
    this.#endpoint = endpoint;
    this.#pool = pool;
    this.#sources = sources;
    void pool.ended.then(() => (this.#lost = true));
  }

  get lost(): boolean {
    return this.#lost;
  }

  get versions(): Readonly<Record<string, unknown>> {
    const told: unknown = toPlain(this.#pool.applicationPrivateData);
    return recordIn(recordIn({ told }, 'told'), 'PSVersionTable');
  }

  async ask(request: ProbeRequest, signal: AbortSignal): Promise<readonly unknown[]> {
    try {
      const { output, errors } = await this.#pool.invoke(invocation(request), { signal }).collect();
      const [error] = errors;
      if (output.length === 0 && error !== undefined) throw refusal(error);
      return output.map((value) => toPlain(value));
    } catch (error) {
      if (error instanceof PipelineFailedError && error.errorRecord !== undefined) {
        throw refusal(error.errorRecord, error);
      }
      if (isShellGone(error)) this.#lost = true;
      throw hostError(error, true);
    }
  }

  async agentInfo(signal: AbortSignal): Promise<ProbedAgent> {
    let session: PsrpSession | undefined;
    // Runs the operation exactly as the service does, over the open session.
    const connector = {
      open: async ({ address }: HostEndpoint, aborted: AbortSignal) => {
        session = await sessionOver(this.#pool, address, this.#sources, aborted);
        return session;
      },
    };
    const gateway = new HostGateway({ endpoints: [this.#endpoint], connector });
    const deadline = new Date(Date.now() + agentTimeout);
    const call = { actor: 'doctor', deadline, signal };
    const info = await gateway.invoke(this.#endpoint.address, 'agent.info', {}, call);
    return { info, origin: session?.agentOrigin ?? 'installed' };
  }

  async close(): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }
}

/** Runs in its own scope. A script is always one of the service's fixed texts, never user input. */
function invocation(request: ProbeRequest): Invocation {
  if ('script' in request) return { script: request.script, useLocalScope: true };
  const { command, parameters = {} } = request;
  return { command, parameters };
}

function refusal(
  { fullyQualifiedErrorId, category, message }: ErrorRecord,
  cause?: unknown,
): PowerShellRefusal {
  return new PowerShellRefusal(fullyQualifiedErrorId, category, message, cause);
}

function recordIn(value: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const found = value[name];
  return typeof found === 'object' && found !== null ? Object.fromEntries(Object.entries(found)) : {};
}
