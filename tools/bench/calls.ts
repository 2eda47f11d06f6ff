import { once } from 'node:events';
import { createServer } from 'node:http';
import { RunspacePool, wsmanTransport } from '@aether-v/psrp/client';
import { createPsrpShell, WsmanListener } from '@aether-v/psrp/server';
import { openWays, type Way } from './ways.ts';
import { quantile, type BenchRow } from './report.ts';

const rounds = 9;
const callsPerRound = 200;
const answer = JSON.stringify({
  op: '01890a5d-ac96-774b-bcce-b302099a8057',
  seq: 0,
  type: 'result',
  result: { ok: true },
});

/** One way of calling, with its cost so far. */
interface Caller extends AsyncDisposable {
  readonly name: string;
  readonly coldRequests: number;
  readonly perSecond: number[];
  readonly cpu: number[];
  requests: number;
  bytes: number;
  round(): Promise<void>;
}

async function openCaller({ name, authentication, authenticator }: Way): Promise<Caller> {
  const listener = new WsmanListener({
    backend: createPsrpShell({ commands: { 'Invoke-Answer': ({ write }) => write(answer) } }),
    authentication,
  });
  const server = createServer(listener.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  const url = `http://127.0.0.1:${address.port}/wsman`;
  const pool = await RunspacePool.open(wsmanTransport({ url, authenticator }));
  const call = async () => {
    const { output } = await pool
      .invoke({ command: 'Invoke-Answer', parameters: { Request: answer } })
      .collect();
    if (output[0] !== answer) throw new Error('unexpected response');
  };
  await call();
  const { requests: coldRequests } = listener.traffic;
  for (let i = 0; i < callsPerRound; i++) await call();
  const caller: Caller = {
    name,
    coldRequests,
    perSecond: [],
    cpu: [],
    requests: 0,
    bytes: 0,
    round: async () => {
      const { requests, bytesIn, bytesOut } = listener.traffic;
      const cpu = process.cpuUsage();
      const began = performance.now();
      for (let i = 0; i < callsPerRound; i++) await call();
      caller.perSecond.push((callsPerRound / (performance.now() - began)) * 1000);
      const { user, system } = process.cpuUsage(cpu);
      caller.cpu.push((user + system) / callsPerRound);
      caller.requests += listener.traffic.requests - requests;
      caller.bytes += listener.traffic.bytesIn + listener.traffic.bytesOut - bytesIn - bytesOut;
    },
    [Symbol.asyncDispose]: async () => {
      await pool.close();
      await listener.close();
      server.close();
    },
  };
  return caller;
}

const median = (samples: readonly number[]): number => quantile(samples, 0.5);

function rowsOf(caller: Caller, plain: Caller): BenchRow[] {
  const { name, perSecond, cpu } = caller;
  const calls = rounds * callsPerRound;
  const rows: BenchRow[] = [
    {
      name: `${name}: cold call`,
      value: caller.coldRequests,
      unit: 'requests',
      note: 'authenticate, open, call; the pool keeps one Receive pending',
    },
    {
      name: `${name}: warm call, round trips`,
      value: caller.requests / calls,
      unit: 'requests',
      note: 'Command, Receive, and Signal after the response',
    },
    {
      name: `${name}: warm call, bytes`,
      value: caller.bytes / calls,
      unit: 'bytes',
      note: 'bodies as sent, both ways',
    },
    { name: `${name}: warm calls`, value: median(perSecond), unit: 'calls/s', note: 'one at a time' },
    {
      name: `${name}: CPU of a warm call`,
      value: median(cpu),
      unit: 'µs',
      note: 'client and server together',
    },
  ];
  if (caller === plain) return rows;
  const ratios = perSecond.map((value, round) => value / (plain.perSecond[round] ?? Number.NaN));
  return [
    ...rows,
    {
      name: `${name}: calls/s, sealed / plain`,
      value: median(ratios),
      unit: 'ratio',
      note: `in alternating rounds, median of ${rounds}`,
    },
  ];
}

/**
 * Measures the cost of one small call over a real socket with the pacing of real hosts: in clear text, and with each
 * kind of message encryption.
 */
export async function benchCalls(): Promise<BenchRow[]> {
  await using ways = await openWays();
  const callers: Caller[] = [];
  try {
    for (const way of ways.open) callers.push(await openCaller(way));
    // Alternating, so that a slow moment of the machine affects all of them.
    for (let round = 0; round < rounds; round++) for (const caller of callers) await caller.round();
    const [plain] = callers;
    if (plain === undefined) throw new Error('no caller');
    return [
      ...callers.flatMap((caller) => rowsOf(caller, plain)),
      ...ways.missing.map(({ name, why }) => ({ name, value: null, unit: 'calls/s', note: why })),
    ];
  } finally {
    for (const caller of callers) await caller[Symbol.asyncDispose]();
  }
}
