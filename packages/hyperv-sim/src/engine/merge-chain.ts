import { runClocked } from './clocked-job.ts';
import { RunningJob } from './engine-job.ts';
import type { HostStorage } from './host-storage.ts';
import type { HostWorld } from './host-world.ts';
import { pathKey } from './paths.ts';
import { diskPathsOf } from './vm-config.ts';

const gibibyte = 1024 ** 3;

/** Disk chains with files that are no longer needed after checkpoints were removed. */
export interface MergeTask {
  readonly world: HostWorld;
  readonly vmId: string;
  readonly name: string;
  /** Files that may be removed or merged into. */
  readonly scope: readonly string[];
  /** The files of current drives and checkpoints, by path. */
  heads(): readonly string[];
  /** The content of one file is now in another. */
  replace(from: string, to: string): void;
  progress(percent: number): void;
  done(): void;
}

type MergeStep =
  | { readonly kind: 'drop'; readonly path: string }
  | { readonly kind: 'merge'; readonly parent: string; readonly child: string };

/** Returns true if a file belongs to a checkpoint, so that Hyper-V may remove it. */
export function isCheckpointDisk(path: string): boolean {
  return /\.avhdx?$/i.test(path);
}

/** Returns the next action: remove a file without users and children, or merge an only child into an unused parent. */
function nextMergeStep(
  storage: HostStorage,
  scope: readonly string[],
  heads: readonly string[],
): MergeStep | null {
  const inScope = new Set(scope.map(pathKey));
  const needed = new Set(heads.map(pathKey));
  for (const path of scope) {
    if (!storage.find(path)?.disk || needed.has(pathKey(path))) continue;
    const [child, ...others] = storage.childrenOf(path);
    if (!child) {
      if (isCheckpointDisk(path)) return { kind: 'drop', path };
    } else if (others.length === 0 && isCheckpointDisk(child.path) && inScope.has(pathKey(child.path))) {
      return { kind: 'merge', parent: path, child: child.path };
    }
  }
  return null;
}

/** Merges a child into its parent, which replaces it as the parent of its children. */
function mergeInto(storage: HostStorage, parent: string, child: string): void {
  const upper = storage.file(child);
  const lower = storage.file(parent);
  const virtualSize = upper.disk?.virtualSize ?? 0;
  for (const { path, disk } of storage.childrenOf(child)) {
    if (disk) storage.change(path, { disk: { ...disk, parentPath: parent } });
  }
  storage.erase(child);
  if (!lower.disk) return;
  const size = lower.disk.type === 'Fixed' ? lower.size : Math.min(virtualSize, lower.size + upper.size);
  storage.change(parent, { size, disk: { ...lower.disk, virtualSize } });
}

/**
 * Runs a merge task in the background, one file after the other, as vmms does after a checkpoint or a VM was removed.
 */
export function runMerges(task: MergeTask): void {
  const { world, scope } = task;
  const { storage, clock, busyFiles, background } = world;
  // A file that another VM or its checkpoint uses is not merged.
  const others = world.neighbours().flatMap(({ config }) => diskPathsOf(config));
  const step = nextMergeStep(storage, scope, [...task.heads(), ...others]);
  if (!step) {
    task.done();
    return;
  }
  if (step.kind === 'drop') {
    storage.erase(step.path);
    runMerges(task);
    return;
  }
  const { parent, child } = step;
  const job = new RunningJob('Merge', task.vmId, `Merging the disks of "${task.name}"`);
  const keys = [parent, child].map(pathKey).filter((key) => !busyFiles.has(key));
  for (const key of keys) busyFiles.add(key);
  background.add(job);
  task.progress(0);
  job.onChange(() => job.state === 'running' && task.progress(job.percent ?? 0));
  const bytes = storage.file(child).size;
  runClocked(clock, job, 1_500 + Math.min(45_000, (bytes / gibibyte) * 1_200), () => {
    mergeInto(storage, parent, child);
    task.replace(child, parent);
    for (const key of keys) busyFiles.delete(key);
    runMerges(task); // before this job ends, so that there is always one while there is work
    background.delete(job);
    job.complete();
  });
}
