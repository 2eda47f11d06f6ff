import type { Vm, VmList, VmQuery, VmUsage } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import { FleetStore } from '../inventory/fleet-store.ts';
import { UsageStore } from '../inventory/usage-store.ts';
import { ProblemError, validationFailed } from '../problems/problem-error.ts';
import { decodeCursor, encodeCursor } from './vm-cursor.ts';
import { vmFilter } from './vm-filter.ts';
import { comparePlaces, parseSort, placeOf } from './vm-order.ts';

const defaultLimit = 100;

/** Reads VMs out of the fleet. */
@Injectable()
export class VmsService {
  constructor(
    private readonly store: FleetStore,
    private readonly usage: UsageStore,
  ) {}

  /** One page of the VMs that the query asks for. */
  list(query: VmQuery): VmList {
    if (query.cursor !== undefined && query.offset !== undefined) {
      throw validationFailed([{ field: 'offset', message: 'cannot go with cursor' }]);
    }
    const sort = query.sort ?? 'name';
    const { field, descending } = parseSort(sort);
    const compare = comparePlaces(descending);
    const matches = vmFilter(query);
    const found: { vm: Readonly<Vm>; place: ReturnType<typeof placeOf> }[] = [];
    for (const vm of this.store.rows('vm').values()) {
      if (matches(vm)) found.push({ vm, place: placeOf(vm, this.usage.vm(vm.id), field) });
    }
    found.sort((a, b) => compare(a.place, b.place));
    const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, sort);
    const begin =
      after === undefined
        ? (query.offset ?? 0)
        : found.findIndex((entry) => compare(entry.place, after) > 0) >>> 0;
    const page = found.slice(begin, begin + (query.limit ?? defaultLimit));
    const last = page.at(-1);
    const isLastPage = last === undefined || begin + page.length >= found.length;
    return {
      items: page.map((entry) => entry.vm),
      total: found.length,
      version: this.store.version,
      nextCursor: isLastPage ? null : encodeCursor(sort, last.place),
    };
  }

  /** The VM with this id. @throws ProblemError when there is none. */
  get(vmId: string): Readonly<Vm> {
    const vm = this.store.get('vm', vmId);
    if (vm === undefined) throw new ProblemError('not-found', `There is no VM with the id ${vmId}.`);
    return vm;
  }

  /** The latest sample of what the VM uses. @throws ProblemError when there is no such VM or no sample. */
  latestUsage(vmId: string): VmUsage {
    const vm = this.get(vmId);
    const usage = this.usage.vm(vmId);
    if (usage === undefined) {
      throw new ProblemError(
        'not-found',
        `There is no sample of ${vm.name}: it is ${vm.state}, or was not sampled yet.`,
      );
    }
    return usage;
  }
}
