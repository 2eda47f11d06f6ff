import { Secret } from '../../src/config/secret.ts';
import { configuredConnector } from '../../src/host-adapter/connect/configured-connector.ts';
import { HostGateway } from '../../src/host-adapter/connect/host-gateway.ts';
import { endpointAt, reachSettings } from './endpoints.ts';
import { guid } from './facts.ts';

// A service to be killed: watches a host and runs an operation there, says so, and does nothing more.
const [address = '', serviceName = ''] = process.argv.slice(2);
const endpoint = endpointAt(address, 'basic');
const connector = configuredConnector({
  ...reachSettings,
  serviceName,
  winrmUsername: 'operator',
  winrmPassword: new Secret('secret'),
});
const gateway = new HostGateway({ endpoints: [endpoint], connector });
const call = { actor: 'killed', deadline: new Date(Date.now() + 600_000) };
const watching = Promise.withResolvers<undefined>();
const running = Promise.withResolvers<undefined>();
void gateway.invoke(
  address,
  'watch',
  { reconcileSeconds: 60, usageSeconds: null },
  { ...call, onLine: () => watching.resolve(undefined) },
);
void gateway.invoke(
  address,
  'vm.start',
  { vmId: guid(1) },
  { ...call, onLine: () => running.resolve(undefined) },
);
await Promise.all([watching.promise, running.promise]);
process.stdout.write('open');
