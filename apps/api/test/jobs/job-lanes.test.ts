import { afterEach, describe, expect, test } from 'vitest';
import { JobLanes, shortLanesPerHost } from '../../src/jobs/job-lanes.ts';
import { settle } from '../support/fake-clock.ts';

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Work that goes on until the test ends, and says when it has begun. */
function work(lanes: JobLanes, begun: string[], hostId: string, vmId: string): void {
  const run = (): Promise<void> => {
    begun.push(vmId);
    return new Promise((resolve) => void ends.push(resolve));
  };
  void lanes.add({ hostId, turn: vmId, run, signal: new AbortController().signal });
}

describe('work that never ends', () => {
  test('jobs of one host wait for its lanes without delaying other hosts', async () => {
    const lanes = new JobLanes();
    const begun: string[] = [];
    for (let at = 0; at <= shortLanesPerHost; at += 1) work(lanes, begun, 'hv01', `vm-${at}`);
    for (const hostId of ['hv02', 'hv03']) work(lanes, begun, hostId, `on ${hostId}`);
    await settle();
    expect(begun).toEqual(['vm-0', 'vm-1', 'vm-2', 'vm-3', 'on hv02', 'on hv03']);
  });

  test('the jobs of one VM occupy one lane of its host, however many wait', async () => {
    const lanes = new JobLanes();
    const begun: string[] = [];
    for (let at = 0; at < 2 * shortLanesPerHost; at += 1) work(lanes, begun, 'hv01', 'busy');
    work(lanes, begun, 'hv01', 'other');
    await settle();
    expect(begun).toEqual(['busy', 'other']);
  });
});
