import { systemClock } from '../../../src/common/clock.ts';
import { hostEndpoint } from '../../../src/config/host-endpoint.ts';
import { hostTargets } from '../../../src/config/host-target.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { diagnose } from '../../../src/doctor/diagnose.ts';
import { configuredConnector } from '../../../src/host-adapter/connect/configured-connector.ts';
import { gatewayLimits } from '../../../src/host-adapter/connect/configured-limits.ts';
import { configuredProbe } from '../../../src/host-adapter/connect/configured-probe.ts';
import { HostGateway } from '../../../src/host-adapter/connect/host-gateway.ts';
import { HostOperationError } from '../../../src/host-adapter/errors/host-operation-error.ts';
import type { Provoked } from './provoke.ts';

/** A problem as somebody meets it. */
export interface Met {
  readonly problem: string | null;
  readonly remedy: string | null;
  readonly text: string;
}

/** What the service and the doctor say of one host. */
export interface Seen {
  readonly service: Met;
  readonly doctor: Met;
}

/** Asks a host as the service does, and looks at it as the doctor does, with one configuration. */
export async function see({ entry, environment, change = {}, fingerprints = [] }: Provoked): Promise<Seen> {
  const loaded = loadConfig({ ...environment, HYPERV_HOSTS: entry });
  if ('problems' in loaded) throw new Error(loaded.problems.join(' '));
  const [configured] = hostTargets(loaded.config);
  if (configured === undefined) throw new Error('no host is configured');
  const target = configured.kind === 'wsman' ? { ...configured, fingerprints } : configured;
  const config = { ...loaded.config, ...change };
  const endpoint = hostEndpoint(target);
  const connector = configuredConnector(config);
  const gateway = new HostGateway({ endpoints: [endpoint], connector, limits: gatewayLimits(config) });
  const call = { actor: 'test', deadline: new Date(Date.now() + 60_000) };
  const error: unknown = await gateway
    .invoke(endpoint.address, 'agent.info', {}, call)
    .catch((reason: unknown) => reason);
  await gateway.close();
  connector.dispose?.();
  if (!(error instanceof HostOperationError)) throw new Error('the service met no problem', { cause: error });
  const { problem, remedy, message } = error;
  const { steps } = await diagnose({
    ...{ target, config, probe: configuredProbe(endpoint, config), clock: systemClock },
    signal: new AbortController().signal,
    onResult: () => undefined,
  });
  const failed = steps.find(({ verdict }) => verdict === 'failed');
  return {
    service: { problem, remedy, text: message },
    doctor: { problem: failed?.problem ?? null, remedy: failed?.remedy ?? null, text: failed?.text ?? '' },
  };
}
