import { vmUniqueKeys, type VmCheckpoint, type VmFacts } from '@aether-v/types';
import { Problems } from './mend-value.ts';

/**
 * Returns a VM whose lists name each part once and whose checkpoints form a forest, as the contract requires. A
 * repeated id is omitted and a parent that is also a descendant becomes null; the VM's problems record both.
 */
export function withUniqueParts(vm: VmFacts): VmFacts {
  const problems = new Problems();
  for (const { part, message } of vm.problems) problems.add(part, message);
  const before = problems.list.length;
  const lists = Object.fromEntries(
    Object.entries(vmUniqueKeys).map(([list, key]) => [
      list,
      unique(vm[list as keyof typeof vmUniqueKeys] as readonly object[], list, key, problems),
    ]),
  );
  const checkpoints = withoutCycles(lists.checkpoints as VmCheckpoint[], problems);
  if (problems.list.length === before) return vm;
  return { ...vm, ...lists, checkpoints, problems: problems.list };
}

function unique(entries: readonly object[], list: string, key: string, problems: Problems): object[] {
  const seen = new Set<unknown>();
  return entries.filter((entry) => {
    const id: unknown = (entry as Record<string, unknown>)[key];
    if (!seen.has(id)) {
      seen.add(id);
      return true;
    }
    problems.add(
      `${list} ${String(id)}`,
      'The host reported this item more than once. The first one is used.',
    );
    return false;
  });
}

/** Visits each checkpoint once: a path known to end at a root or a cut is not followed again. */
function withoutCycles(checkpoints: readonly VmCheckpoint[], problems: Problems): VmCheckpoint[] {
  const parentOf = new Map(checkpoints.map(({ id, parentId }) => [id, parentId]));
  const settled = new Set<string>();
  for (const { id: start } of checkpoints) {
    const walk = new Set<string>();
    for (let id = start; !settled.has(id);) {
      walk.add(id);
      const parent = parentOf.get(id) ?? null;
      if (parent === null) break;
      if (walk.has(parent)) {
        parentOf.set(id, null);
        problems.add(
          `checkpoints ${id}`,
          'The checkpoint is its own ancestor. It is shown without a parent.',
        );
        break;
      }
      id = parent;
    }
    for (const id of walk) settled.add(id);
  }
  return checkpoints.map((one) => ({ ...one, parentId: parentOf.get(one.id) ?? null }));
}
