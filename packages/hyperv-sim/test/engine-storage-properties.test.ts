import { VmFacts } from '@aether-v/types';
import * as fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { EngineError, HyperVEngine, type EngineJob, type HostSteps } from '../src/engine/index.ts';
import { createFakeClock, type FakeClock } from '../src/testing.ts';
import { RunningJob } from '../src/engine/engine-job.ts';
import { smallFleetSpec } from './small-fleet.ts';

const gibibyte = 1024 ** 3;
const root = 'C:\\ClusterStorage\\V1';
const factsCheck = Compile(VmFacts);

/** What is done, and how often in proportion. */
const weights = {
  newVm: 1,
  newVhd: 3,
  copyImage: 1,
  attach: 6,
  detach: 1,
  grow: 2,
  removeFile: 1,
  checkpoint: 6,
  restore: 4,
  removeCheckpoint: 4,
  removeSubtree: 1,
  start: 2,
  stop: 2,
  move: 1,
  removeVm: 1,
  cancel: 1,
} as const;
type Kind = keyof typeof weights;
const kinds = Object.keys(weights) as Kind[];

const step = fc.oneof(
  { weight: 24, arbitrary: fc.record({ do: fc.constant('wait' as const), a: fc.nat(), b: fc.nat(30_000) }) },
  ...kinds.map((kind) => ({
    weight: weights[kind],
    arbitrary: fc.record({ do: fc.constant(kind), a: fc.nat(1_000), b: fc.nat(1_000) }),
  })),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function pick<T>(list: readonly T[], index: number): T | undefined {
  return list[index % Math.max(1, list.length)];
}

class World {
  readonly clock: FakeClock = createFakeClock();
  readonly engine = new HyperVEngine({ clock: this.clock, seed: 'storage', fleet: smallFleetSpec });
  readonly jobs: EngineJob[] = [];
  /** How often each step was not refused. */
  readonly done = new Map<string, number>();
  readonly #freeAtFirst = this.#volumes().map(({ free, used }) => free + used);
  #made = 0;

  #steps(hostId: string): HostSteps {
    return this.engine.steps(hostId);
  }

  #volumes(): ReturnType<HostSteps['files']['volumes']> {
    return this.engine.steps('n1').files.volumes();
  }

  vms(): VmFacts[] {
    return this.engine.hostIds.flatMap((hostId) => this.engine.vms(hostId));
  }

  files(): { readonly path: string; readonly parent: string | null; readonly size: number }[] {
    return this.#volumes().flatMap(({ files }) =>
      [...files.values()].map(({ path, disk, size }) => ({ path, parent: disk?.parentPath ?? null, size })),
    );
  }

  snapshot(): string {
    return JSON.stringify([this.vms(), this.files()]);
  }

  /** Two VMs with two empty disks each. */
  constructor() {
    for (const [index, hostId] of this.engine.hostIds.entries()) {
      const { vms, files, drives, cluster } = this.#steps(hostId);
      const vmId = vms.newVm({ name: `FIRST${index}`, path: root, memoryStartupBytes: gibibyte });
      for (const disk of [0, 1]) {
        const path = `${root}\\FIRST${index}\\disk${disk}.vhdx`;
        files.newVhd({ path, sizeBytes: 8 * gibibyte, type: 'Dynamic' });
        this.clock.advance(1_000);
        drives.addHardDiskDrive(vmId, path);
      }
      cluster.addVmRole(vmId);
    }
    this.clock.advance(60_000);
  }

  take(one: Step): void {
    if (one.do === 'wait') {
      this.clock.advance(one.b);
      return;
    }
    const before = this.snapshot();
    try {
      this.#act(one);
      this.done.set(one.do, (this.done.get(one.do) ?? 0) + 1);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      expect(this.snapshot(), `a refusal changes nothing: ${error.message}`).toBe(before);
    }
  }

  #act({ do: what, a, b }: Step): void {
    const vms = this.vms();
    const vm = pick(vms, a);
    const hostId = this.engine.hostIds.find((id) => vm && this.engine.vm(id, vm.vmId)) ?? 'n1';
    const { vms: machines, drives, files, checkpoints, cluster } = this.#steps(hostId);
    const vmId = vm?.vmId ?? '';
    const disk = pick(vm?.disks ?? [], b);
    const file = pick(
      this.files().filter(({ path }) => /vhdx$/.test(path)),
      b,
    );
    const checkpoint = pick(vm?.checkpoints ?? [], b)?.id ?? '';
    const actions: Record<Kind, () => unknown> = {
      newVm: () => {
        const name = `VM${a % 3}`;
        const id = machines.newVm({ name, path: root, memoryStartupBytes: gibibyte });
        this.#steps(hostId).cluster.addVmRole(id);
      },
      newVhd: () => {
        files.newFolder(`${root}\\Disks`);
        const type = a % 3 === 0 ? 'Fixed' : 'Dynamic';
        return files.newVhd({
          path: `${root}\\Disks\\d${this.#made++}.vhdx`,
          sizeBytes: (1 + b) * gibibyte,
          type,
        });
      },
      copyImage: () => {
        files.newFolder(`${root}\\Disks`);
        return files.copyFile(`${root}\\DiskImages\\debian-12.vhdx`, `${root}\\Disks\\d${this.#made++}.vhdx`);
      },
      attach: () => drives.addHardDiskDrive(vmId, file?.path ?? ''),
      detach: () => drives.removeHardDiskDrive(vmId, disk?.id ?? ''),
      grow: () => files.resizeVhd(file?.path ?? '', (1 + a) * gibibyte),
      removeFile: () => {
        const path = file?.path ?? '';
        // NTFS protects no disk of a VM that is off: whoever deletes asks first, as this test does.
        if (files.usersOf(path).length === 0 && files.childrenOf(path).length === 0) files.removeFile(path);
      },
      checkpoint: () => checkpoints.checkpointVm(vmId, null),
      restore: () => checkpoints.restoreSnapshot(vmId, checkpoint),
      removeCheckpoint: () => checkpoints.removeSnapshot(vmId, checkpoint, false),
      removeSubtree: () => checkpoints.removeSnapshot(vmId, checkpoint, true),
      start: () => this.engine.power(hostId, vmId, 'start'),
      stop: () => this.engine.power(hostId, vmId, 'stop'),
      move: () => cluster.moveVmRole(vmId, hostId === 'n1' ? 'n2' : 'n1'),
      removeVm: () => machines.removeVm(vmId),
      cancel: () => pick(this.jobs, this.jobs.length - 1 - (b % 3))?.cancel(),
    };
    const made = actions[what as Kind]();
    if (made instanceof RunningJob) this.jobs.push(made);
  }

  /** Space adds up, chains are whole, and no disk has two writers, at any moment. */
  check(): void {
    for (const [index, { used, free, files }] of this.#volumes().entries()) {
      expect([...files.values()].reduce((sum, { size }) => sum + size, 0)).toBe(used);
      expect(free + used).toBe(this.#freeAtFirst[index]);
    }
    const files = this.files();
    const known = new Set(files.map(({ path }) => path.toLowerCase()));
    const parents = new Set(files.flatMap(({ parent }) => parent?.toLowerCase() ?? []));
    for (const parent of parents) expect(known).toContain(parent);
    const writers = new Set<string>();
    for (const vm of this.vms()) {
      expect(factsCheck.Check(vm)).toBe(true);
      for (const { path } of vm.disks) {
        const key = path.toLowerCase();
        expect(known).toContain(key);
        expect(writers, 'written by two').not.toContain(key);
        expect(parents, 'written while others stand on it').not.toContain(key);
        writers.add(key);
      }
      const ids = vm.checkpoints.map(({ id }) => id);
      for (const { parentId } of vm.checkpoints) if (parentId !== null) expect(ids).toContain(parentId);
      expect(vm.checkpoints.filter(({ current }) => current).length).toBeLessThanOrEqual(1);
    }
  }
}

const done = new Map<string, number>();

test('under arbitrary disk and checkpoint actions: space adds up, chains stay intact, nothing is written twice', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 100, size: 'max' }), (steps) => {
      const world = new World();
      for (const one of steps) {
        world.take(one);
        world.check();
      }
      world.clock.advance(60 * 60_000);
      world.check();
      expect(world.clock.pending).toBe(0);
      for (const job of world.jobs) expect(job.state).not.toBe('running');
      // a VM without checkpoints stands on plain disks once the merges are over, unless a disk that was detached in between
      // stands on the same one
      for (const { checkpoints, disks } of world.vms()) {
        if (checkpoints.length > 0) continue;
        for (const { parentPath } of disks) {
          if (parentPath === null) continue;
          expect(world.files().filter(({ parent }) => parent === parentPath).length).toBeGreaterThan(1);
        }
      }
      for (const [what, count] of world.done) done.set(what, (done.get(what) ?? 0) + count);
    }),
    { numRuns: 60, seed: 11, endOnFailure: true },
  );
  for (const kind of kinds) expect(done.get(kind) ?? 0, `${kind} was done`).toBeGreaterThan(5);
});
