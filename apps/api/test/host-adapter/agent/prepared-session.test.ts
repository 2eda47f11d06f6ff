import { basic, wsmanTransport } from '@aether-v/psrp/client';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HostEndpoint } from '../../../src/config/host-endpoint.ts';
import type { AgentDeployment } from '../../../src/host-adapter/agent/agent-deployment.ts';
import { HostGateway } from '../../../src/host-adapter/connect/host-gateway.ts';
import { HostShells } from '../../../src/host-adapter/connect/host-shells.ts';
import { psrpConnector } from '../../../src/host-adapter/connect/psrp-session.ts';
import { HostOperationError } from '../../../src/host-adapter/errors/host-operation-error.ts';
import { oneHost, type ServedHost } from '../../support/served-host.ts';

/** A host, and a gateway whose sessions are prepared like this. */
async function prepared(
  prepare: AgentDeployment['prepare'],
): Promise<{ host: ServedHost; address: string; gateway: HostGateway }> {
  const { host, endpoint } = await oneHost();
  const transport = ({ target }: HostEndpoint): ReturnType<typeof wsmanTransport> => {
    if (target.kind !== 'wsman') throw new TypeError('The host is reached by WS-Management.');
    return wsmanTransport({ url: target.url.href, authenticator: basic('operator', 'secret') });
  };
  const connector = psrpConnector(
    {
      transport,
      requests: () => undefined,
      runspaces: 3,
      shells: new HostShells('test'),
      onSwept: () => undefined,
    },
    { deployment: { prepare } },
  );
  const gateway = new HostGateway({ endpoints: [endpoint], connector });
  onTestFinished(() => gateway.close());
  return { host, address: endpoint.address, gateway };
}

const call = (): { actor: string; deadline: Date } => ({
  actor: 'test',
  deadline: new Date(Date.now() + 20_000),
});

describe('a session with agent deployment', () => {
  test('is prepared once, before its first operation', async () => {
    const order: string[] = [];
    const { host, address, gateway } = await prepared(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push(`prepared, ${String(host.agent.envelopes.length)} operations before`);
    });
    await Promise.all([1, 2].map(() => gateway.invoke(address, 'agent.info', {}, call())));
    expect(order).toEqual(['prepared, 0 operations before']);
    expect(host.agent.envelopes.map(({ op }) => op)).toEqual(['agent.info', 'agent.info']);
  });

  test('is refused if the deployment fails: nothing began, and no shell is left', async () => {
    let attempts = 0;
    const { host, address, gateway } = await prepared(() => {
      attempts++;
      const detail = 'The folder is writable for Users.';
      return Promise.reject(HostOperationError.of('agent-deployment', { began: false, detail }));
    });
    await expect(gateway.invoke(address, 'agent.info', {}, call())).rejects.toMatchObject({
      problem: 'agent-deployment',
      began: false,
    });
    expect(attempts).toBe(1);
    expect(host.agent.envelopes).toEqual([]);
    expect(host.listener.shellCount).toBe(0);
  });
});
