/**
 * Returns the VMs by the CPU usage that is shown, in whole percent, the highest first; equal ones keep their order, so
 * that lines do not change places without a visible reason. VMs without a sample are left out.
 */
export function busiestFirst(
  ids: readonly string[],
  cpuOf: (id: string) => number | null,
): readonly string[] {
  return ids
    .flatMap((id) => {
      const cpu = cpuOf(id);
      return cpu === null ? [] : [{ id, cpu: Math.round(cpu) }];
    })
    .toSorted((a, b) => b.cpu - a.cpu)
    .map(({ id }) => id);
}
