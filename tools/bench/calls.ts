import { once } from 'node:events';
import { createServer } from 'node:http';
import { basic, RunspacePool, wsmanTransport } from '@aether-v/psrp/client';
import { basicAuthentication, createPsrpShell, WsmanListener } from '@aether-v/psrp/server';
import type { BenchRow } from './report.ts';

const calls = 2_000;
const answer = JSON.stringify({
  op: '01890a5d-ac96-774b-bcce-b302099a8057',
  seq: 0,
  type: 'result',
  result: { ok: true },
});

/** What one small call costs, over a real socket, with the pacing of real hosts. */
export async function benchCalls(): Promise<BenchRow[]> {
  const listener = new WsmanListener({
    backend: createPsrpShell({ commands: { 'Invoke-Answer': ({ write }) => write(answer) } }),
    authentication: basicAuthentication(() => true),
  });
  const server = createServer(listener.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  const count = () => ({
    requests: listener.traffic.requests,
    bytes: listener.traffic.bytesIn + listener.traffic.bytesOut,
  });

  const call = async (pool: RunspacePool) => {
    const { output } = await pool
      .invoke({ command: 'Invoke-Answer', parameters: { Request: answer } })
      .collect();
    if (output[0] !== answer) throw new Error('another answer');
  };
  const url = `http://127.0.0.1:${address.port}/wsman`;
  const pool = await RunspacePool.open(wsmanTransport({ url, authenticator: basic('user', 'password') }));
  await call(pool);
  const cold = count();
  for (let i = 0; i < 200; i++) await call(pool);

  const before = count();
  const cpu = process.cpuUsage();
  const began = performance.now();
  for (let i = 0; i < calls; i++) await call(pool);
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(cpu);
  const after = count();
  const byAction = listener.traffic.byAction;
  await pool.close();
  await listener.close();
  server.close();

  return [
    {
      name: 'cold call, requests',
      value: cold.requests,
      unit: 'requests',
      note: 'open, call; the pool keeps one Receive pending',
    },
    { name: 'cold call, bytes', value: cold.bytes, unit: 'bytes', note: 'bodies, both ways' },
    {
      name: 'warm call, requests',
      value: (after.requests - before.requests) / calls,
      unit: 'requests',
      note: `Command, Receive, and Signal after the answer (${byAction.command}, ${byAction.receive}, ${byAction.signal} in all)`,
    },
    { name: 'warm call, bytes', value: (after.bytes - before.bytes) / calls, unit: 'bytes' },
    { name: 'warm calls', value: calls / seconds, unit: 'calls/s', note: 'one at a time' },
    {
      name: 'CPU of a warm call',
      value: (used.user + used.system) / calls,
      unit: 'µs',
      note: 'client and server together',
    },
  ];
}
