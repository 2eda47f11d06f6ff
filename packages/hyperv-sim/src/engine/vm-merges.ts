import type { HostWorld } from './host-world.ts';
import type { Machine } from './machine.ts';
import { runMerges } from './merge-chain.ts';
import { pathKey, samePath } from './paths.ts';
import { diskPathsOf, type DiskDrive } from './vm-config.ts';

/** Returns all files in the chains of a VM's disks, the tips first. */
export function chainFilesOf({ storage }: HostWorld, machine: Machine): string[] {
  const files: string[] = [];
  for (const path of diskPathsOf(machine.config).flatMap((tip) => storage.chain(tip))) {
    if (!files.some((known) => samePath(known, path))) files.push(path);
  }
  return files;
}

function moved(drives: readonly DiskDrive[], from: string, to: string): DiskDrive[] {
  return drives.map((drive) => (samePath(drive.path, from) ? { ...drive, path: to } : drive));
}

/** Merges those of these files that a VM no longer needs, while the VM exists. */
export function mergeLive(world: HostWorld, machine: Machine, scope: readonly string[]): void {
  runMerges({
    world,
    vmId: machine.id,
    name: machine.config.name,
    scope,
    heads: () => diskPathsOf(machine.config),
    replace: (from, to) =>
      machine.configure({
        disks: moved(machine.config.disks, from, to),
        checkpoints: machine.config.checkpoints.map((checkpoint) => ({
          ...checkpoint,
          settings: { ...checkpoint.settings, disks: moved(checkpoint.settings.disks, from, to) },
        })),
      }),
    progress: (percent) => machine.become({ activity: { kind: 'MergingDisks', percent } }),
    done: () => {
      if (machine.condition.activity?.kind === 'MergingDisks') machine.become({ activity: null });
      else machine.touch();
    },
  });
}

/** Merges the disks of a deleted VM into their last state. */
export function mergeRemains(world: HostWorld, machine: Machine, scope: readonly string[]): void {
  let heads = machine.config.disks.map(({ path }) => path);
  // No other VM may use a file before it has been merged.
  const keys = scope.map(pathKey);
  for (const key of keys) world.busyFiles.add(key);
  runMerges({
    world,
    vmId: machine.id,
    name: machine.config.name,
    scope,
    heads: () => heads,
    replace: (from, to) => {
      heads = heads.map((path) => (samePath(path, from) ? to : path));
    },
    progress: () => undefined,
    done: () => {
      for (const key of keys) world.busyFiles.delete(key);
    },
  });
}
