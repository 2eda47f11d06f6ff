import type { Vm, VmQuery, VmSort, VmUsage } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import type { PlacedVm } from '../inventory/vm-order-cache.ts';
import { comparePlaces, parseSort, type Place } from '../inventory/vm-order.ts';
import { noSuchObject } from '../problems/not-found.ts';
import { ProblemError, validationFailed } from '../problems/problem-error.ts';
import { decodeCursor, encodeCursor } from './vm-cursor.ts';
import { vmFilter } from './vm-filter.ts';
import type { VmPage } from './vm-list-json.ts';

const defaultLimit = 100;

/** Reads VMs from the fleet. */
@Injectable()
export class VmsService {
  constructor(private readonly fleet: FleetViews) {}

  /** Returns one page of the VMs that match the query. */
  list(query: VmQuery, principal: Principal): VmPage {
    if (query.cursor !== undefined && query.offset !== undefined) {
      throw validationFailed([{ field: 'offset', message: 'cannot be combined with cursor' }]);
    }
    const sort = query.sort ?? 'name';
    const matches = vmFilter(query);
    const view = this.fleet.of(principal);
    const found = view.sortedVms(sort).filter(({ vm }) => matches(vm));
    const begin =
      query.cursor === undefined
        ? (query.offset ?? 0)
        : indexBehind(found, decodeCursor(query.cursor, sort, principal), sort);
    const page = found.slice(begin, begin + (query.limit ?? defaultLimit));
    const last = page.at(-1);
    const isLastPage = last === undefined || begin + page.length >= found.length;
    return {
      items: page.map((entry) => entry.vm),
      total: found.length,
      version: view.version,
      nextCursor: isLastPage ? null : encodeCursor(sort, last.place, principal),
    };
  }

  /** Returns the VM with this id. @throws ProblemError if the principal sees no such VM. */
  get(vmId: string, principal: Principal): Readonly<Vm> {
    const vm = this.fleet.of(principal).get('vm', vmId);
    if (vm === undefined) throw noSuchObject('vm', vmId);
    return vm;
  }

  /** Returns the latest usage sample of a VM. @throws ProblemError if the VM does not exist or has no sample. */
  latestUsage(vmId: string, principal: Principal): VmUsage {
    const vm = this.get(vmId, principal);
    const usage = this.fleet.of(principal).vmUsage(vmId);
    if (usage === undefined) {
      throw new ProblemError(
        'not-found',
        `There is no usage sample of ${vm.name} (state ${vm.state}): it is not running, its host does not respond, or it has not been sampled yet.`,
      );
    }
    return usage;
  }
}

/** Returns the index of the first VM after a place; the number of VMs if no VM follows. */
function indexBehind(found: readonly PlacedVm[], after: Place, sort: VmSort): number {
  const compare = comparePlaces(parseSort(sort).descending);
  const index = found.findIndex(({ place }) => compare(place, after) > 0);
  return index === -1 ? found.length : index;
}
