import { vmSorts } from '@aether-v/types';
import { Pool } from 'undici';
import { Stack, until } from '../src/stack.ts';
import { quantile, type BenchRow } from './report.ts';

const hosts = 100;
const vmsPerHost = 50;
const requests = 300;

/** Queries of `GET /vms` with a filter each. */
const filters = [
  'state=Running',
  'hostId=sim-007',
  'search=-004',
  'search=10.1',
  'search=windows',
  'state=Running&search=web&sort=-cpu',
];

/** Measures pages of 100 VMs in every order and with filters, one request at a time. */
export async function benchLists(): Promise<BenchRow[]> {
  await using stack = await Stack.start({
    simulator: { SIM_HOSTS: String(hosts), SIM_VMS_PER_HOST: String(vmsPerHost) },
    api: { INVENTORY_REFRESH_INTERVAL: '300' },
  });
  await until(
    'all VMs are read',
    async () => (await stack.api<{ total: number }>('/vms?limit=1')).total === hosts * vmsPerHost,
    300_000,
  );
  const pool = new Pool(stack.url, { connections: 1, pipelining: 1 });
  const rows: BenchRow[] = [];
  for (const query of [...vmSorts.map((sort) => `sort=${sort}`), ...filters]) {
    const times = await measure(pool, `/api/v1/vms?limit=100&${query}`);
    const note = `p50 ${quantile(times, 0.5).toFixed(1)} ms`;
    rows.push({ name: `${query}, p99`, value: quantile(times, 0.99), unit: 'ms', note });
  }
  await pool.close();
  return rows;
}

async function measure(pool: Pool, path: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < requests; i++) {
    const began = performance.now();
    const { body, statusCode } = await pool.request({ method: 'GET', path });
    await body.dump({ limit: 16 * 1024 * 1024 });
    if (statusCode !== 200) throw new Error(`GET ${path}: ${statusCode}`);
    times.push(performance.now() - began);
  }
  return times;
}
