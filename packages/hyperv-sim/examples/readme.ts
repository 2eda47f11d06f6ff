import { startFleet } from '@aether-v/hyperv-sim/fleet';
import { basic, RunspacePool, wsmanTransport } from '@aether-v/psrp/client';

await using fleet = await startFleet({ username: 'admin', password: 'secret', seed: 'example' });

const url = fleet.hostUrls[0] ?? '';
await using pool = await RunspacePool.open(wsmanTransport({ url, authenticator: basic('admin', 'secret') }));
const Request = JSON.stringify({
  contract: 2,
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  op: 'agent.info',
  timeoutSeconds: 60,
  actor: 'example',
  request: {},
});
const { output } = await pool
  .invoke({ command: 'Invoke-AetherVOperation', parameters: { Request } })
  .collect();
console.log(output[0]); // {"op":…,"seq":0,"type":"result","result":{"hostId":"hv-01",…}}

// A change made on the host itself; every watch reports it.
const vm = fleet.engine.vms('hv-01').find(({ name }) => name === 'APP-WEB-01');
fleet.engine.power('hv-01', vm?.vmId ?? '', 'pause');
console.log(fleet.engine.vm('hv-01', vm?.vmId ?? '')?.state); // Pausing
fleet.setFault('hv-02', { kind: 'silent' });
