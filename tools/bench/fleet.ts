import { Pool } from 'undici';
import { Stack, until } from '../src/stack.ts';
import { openEvents } from './events.ts';
import { quantile, type BenchRow } from './report.ts';

const hosts = 40;
const vmsPerHost = 50;
const requests = 2_000;
const concurrency = 10;
const changes = 100;

/** Measures the first read, requests, and the propagation of a change, with service and fleet in separate processes. */
export async function benchFleet(): Promise<BenchRow[]> {
  const began = performance.now();
  await using stack = await Stack.start({
    simulator: { SIM_HOSTS: String(hosts), SIM_VMS_PER_HOST: String(vmsPerHost) },
    api: { INVENTORY_REFRESH_INTERVAL: '300' },
  });
  const ready = performance.now();
  await until(
    'all VMs are read',
    async () => (await stack.api<{ total: number }>('/vms?limit=1')).total === hosts * vmsPerHost,
  );
  const read = performance.now();
  const load = await measureRequests(stack);
  const delays = await measureChanges(stack);
  return [
    { name: 'processes ready', value: (ready - began) / 1000, unit: 's', note: 'simulator, then service' },
    {
      name: 'first read of all hosts',
      value: (read - ready) / 1000,
      unit: 's',
      note: 'from ready to total = 2,000',
    },
    {
      name: 'GET /vms?limit=100',
      value: load.perSecond,
      unit: 'requests/s',
      note: `${concurrency} connections`,
    },
    { name: 'GET /vms?limit=100, p50', value: quantile(load.times, 0.5), unit: 'ms' },
    { name: 'GET /vms?limit=100, p99', value: quantile(load.times, 0.99), unit: 'ms' },
    {
      name: 'change on host to event, p50',
      value: quantile(delays, 0.5),
      unit: 'ms',
      note: `${changes} changes`,
    },
    { name: 'change on host to event, p99', value: quantile(delays, 0.99), unit: 'ms' },
  ];
}

async function measureRequests(stack: Stack): Promise<{ perSecond: number; times: number[] }> {
  const pool = new Pool(stack.url, { connections: concurrency, pipelining: 1 });
  const times: number[] = [];
  const get = async () => {
    const began = performance.now();
    const { body, statusCode } = await pool.request({ method: 'GET', path: '/api/v1/vms?limit=100' });
    await body.dump({ limit: 16 * 1024 * 1024 });
    if (statusCode !== 200) throw new Error(`GET /vms: ${statusCode}`);
    times.push(performance.now() - began);
  };
  for (let i = 0; i < 200; i++) await get();
  times.length = 0;
  const began = performance.now();
  let left = requests;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left-- > 0) await get();
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  await pool.close();
  return { perSecond: requests / seconds, times };
}

/** Measures the time from a change of a VM's notes through the admin API until its event is received. */
async function measureChanges(stack: Stack): Promise<number[]> {
  const vms = await stack.vms();
  await using events = await openEvents(stack.url);
  const delays: number[] = [];
  for (let i = 0; i < changes; i++) {
    const vm = vms[(i * 7) % vms.length];
    if (vm === undefined) throw new Error('no VMs');
    const notes = `bench ${i}`;
    const seen = events.vm((row) => row.id === vm.id);
    const began = performance.now();
    await stack.simulator('POST', `/hosts/${vm.hostId}/vms/${vm.vmId}/notes`, { notes });
    delays.push((await seen) - began);
  }
  return delays;
}
