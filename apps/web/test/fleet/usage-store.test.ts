import { expect, test } from 'vitest';
import type { VmUsage } from '@aether-v/types';
import { UsageStore } from '../../src/fleet/usage-store.ts';

const start = Date.parse('2026-03-01T12:00:00Z');
const sample = (second: number, cpuPercent: number): VmUsage => ({
  vmId: 'x',
  sampledAt: new Date(start + second * 1000).toISOString(),
  cpuPercent,
  memoryAssigned: 1024,
  memoryDemand: null,
});
const cpuAfter = (samples: readonly VmUsage[]): readonly number[] | undefined => {
  const store = new UsageStore();
  for (const each of samples) store.add([each], []);
  return store.vm('x')?.cpu;
};

test('samples are appended, and a repeated one counts once', () => {
  expect(cpuAfter([sample(0, 10), sample(2, 20), sample(2, 20), sample(4, 30)])).toEqual([10, 20, 30]);
});

test('after a gap the series starts again', () => {
  expect(cpuAfter([sample(0, 10), sample(2, 20), sample(600, 30), sample(602, 40)])).toEqual([30, 40]);
});

test('ten minutes of samples are kept, and the time of the oldest one', () => {
  const samples = Array.from({ length: 400 }, (_, n) => sample(n * 2, n));
  const store = new UsageStore();
  for (const each of samples) store.add([each], []);
  expect(store.vm('x')?.cpu.length).toBe(300);
  const oldest = Date.parse(samples.at(-300)?.sampledAt ?? '');
  expect(Math.abs(Date.parse(store.vm('x')?.since ?? '') - oldest)).toBeLessThan(2_000);
});

test('samples are kept while a VM is left for less than a minute, and the series states its start', () => {
  const store = new UsageStore();
  for (const second of [0, 2, 50]) store.add([sample(second, 10)], []);
  expect(store.vm('x')).toMatchObject({ cpu: [10, 10, 10], since: sample(0, 10).sampledAt });
});
