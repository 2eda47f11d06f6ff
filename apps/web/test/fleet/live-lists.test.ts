import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { applyEvents, emptyCache, type FleetCache, type FleetEvent } from '../../src/fleet/cache.ts';
import { keys, LiveLists } from '../../src/fleet/live-lists.ts';
import type { VmListSpec } from '../../src/fleet/list-spec.ts';
import { FakeFleet } from '../fake-api/fleet.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const spec: VmListSpec = { sort: 'name', descending: false };

/** A list on screen that the service takes so long to answer. */
function watchedList(answerMs: number) {
  const queries = new QueryClient();
  const answered: number[] = [];
  let reads = 0;
  const observer = new QueryObserver(queries, {
    queryKey: [...keys.vmList(spec), 100, 0],
    queryFn: async () => {
      const read = ++reads;
      await new Promise((resolve) => setTimeout(resolve, answerMs));
      answered.push(read);
      return read;
    },
  });
  const stop = observer.subscribe(() => undefined);
  const lists = new LiveLists(queries);
  let cache: FleetCache = emptyCache;
  const [vm] = new FakeFleet(1).vms.values();
  if (!vm) throw new Error('the fake fleet is empty');
  const rename = (n: number): void => {
    const row = { ...vm, name: `VM-${n}` };
    const event: FleetEvent = { type: 'row', version: `a.${n}`, change: { kind: 'vm', id: vm.id, row } };
    const before = cache;
    cache = applyEvents(before, [event]);
    lists.touched(before, cache, [event]);
  };
  return { answered, data: () => observer.getCurrentResult().data, rename, stop };
}

test('sustained changes do not prevent the list from being read', async () => {
  const list = watchedList(3000);
  await vi.advanceTimersByTimeAsync(3000);
  for (let n = 1; n <= 100; n++) {
    list.rename(n);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(list.data()).toBeGreaterThan(1);
  list.stop();
});

test('changes during a read of the list trigger another read', async () => {
  const list = watchedList(500);
  await vi.advanceTimersByTimeAsync(500);
  list.rename(1);
  await vi.advanceTimersByTimeAsync(300);
  list.rename(2);
  await vi.advanceTimersByTimeAsync(5000);
  expect(list.answered).toEqual([1, 2, 3]);
  list.stop();
});

test('a burst triggers one read', async () => {
  const list = watchedList(10);
  await vi.advanceTimersByTimeAsync(10);
  for (let n = 1; n <= 50; n++) list.rename(n);
  await vi.advanceTimersByTimeAsync(5000);
  expect(list.answered).toEqual([1, 2]);
  list.stop();
});
