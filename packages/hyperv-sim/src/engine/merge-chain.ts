import { runClocked } from './clocked-job.ts';
import { RunningJob } from './engine-job.ts';
import type { HostStorage } from './host-storage.ts';
import type { HostWorld } from './host-world.ts';
import { pathKey } from './paths.ts';
import { diskPathsOf } from './vm-config.ts';

const gibibyte = 1024 ** 3;

/** Chains of disks that hold more than anybody needs, after checkpoints went. */
export interface MergeTask {
  readonly world: HostWorld;
  readonly vmId: string;
  readonly name: string;
  /** Files that may go, or take others up. */
  readonly scope: readonly string[];
  /** Files that a drive or a checkpoint has now, by path. */
  heads(): readonly string[];
  /** The content of one file is now in another. */
  replace(from: string, to: string): void;
  progress(percent: number): void;
  done(): void;
}

type MergeStep =
  | { readonly kind: 'drop'; readonly path: string }
  | { readonly kind: 'merge'; readonly parent: string; readonly child: string };

/** Whether a file was made by a checkpoint, and so may be removed by Hyper-V itself. */
export function isCheckpointDisk(path: string): boolean {
  return /\.avhdx?$/i.test(path);
}

/** What to do next: drop what nobody has or descends from; merge an only child into a parent that nobody has. */
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

/** Moves the content of a child into its parent, which takes its place for its own children. */
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

/** Works off a task in the background, one file after the other, as vmms does after a checkpoint or a VM was removed. */
export function runMerges(task: MergeTask): void {
  const { world, scope } = task;
  const { storage, clock, busyFiles, background } = world;
  // a file in which another VM, or a checkpoint of one, stands is not merged away under it
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
