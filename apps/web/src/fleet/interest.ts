/** The objects on the screens of this browser, to which usage samples are limited. */
export interface Interest {
  readonly vmIds: readonly string[];
  readonly hostIds: readonly string[];
}

export const noInterest: Interest = { vmIds: [], hostIds: [] };
const most = 500;

/** Merges the interest of several components or tabs, up to the service's limit. */
export function uniteInterest(all: Iterable<Interest>): Interest {
  const vmIds = new Set<string>();
  const hostIds = new Set<string>();
  for (const interest of all) {
    for (const id of interest.vmIds) vmIds.add(id);
    for (const id of interest.hostIds) hostIds.add(id);
  }
  const hosts = [...hostIds].sort().slice(0, most);
  return { vmIds: [...vmIds].sort().slice(0, most - hosts.length), hostIds: hosts };
}

export function sameInterest(a: Interest, b: Interest): boolean {
  return a.vmIds.join() === b.vmIds.join() && a.hostIds.join() === b.hostIds.join();
}
