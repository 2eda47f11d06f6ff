import { hostEndpoint } from '../../src/config/host-endpoint.ts';
import { hostTargets } from '../../src/config/host-target.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { configuredConnector } from '../../src/host-adapter/connect/configured-connector.ts';
import { HostGateway } from '../../src/host-adapter/connect/host-gateway.ts';

// Asks a host over WinRS in a process of its own, whose environment a test chooses.
const [url = ''] = process.argv.slice(2);
const loaded = loadConfig({ HYPERV_HOSTS: url, WINRM_USERNAME: 'operator', WINRM_PASSWORD: 'secret' });
if ('problems' in loaded) throw new Error(loaded.problems.join(' '));
const endpoints = hostTargets(loaded.config).map(hostEndpoint);
const gateway = new HostGateway({ endpoints, connector: configuredConnector(loaded.config) });
const call = { actor: 'test', deadline: new Date(Date.now() + 60_000) };
const { hostId } = await gateway.invoke(endpoints[0]?.address ?? '', 'agent.info', {}, call);
await gateway.close();
process.stdout.write(`asked ${hostId} with DEBUG=${process.env['DEBUG'] ?? ''}\n`);
