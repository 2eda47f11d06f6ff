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

test('two minutes of samples are kept', () => {
  const samples = Array.from({ length: 100 }, (_, n) => sample(n * 2, n));
  expect(cpuAfter(samples)?.length).toBe(60);
});
