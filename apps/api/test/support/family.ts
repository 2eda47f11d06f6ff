import { localAdministrator } from '../../src/auth/principal.ts';
import type { ParentOrder } from '../../src/jobs/parent-jobs.ts';
import type { ChildOrder } from '../../src/jobs/parent-plan.ts';
import { guid } from './facts.ts';
import type { FakeClock } from './fake-clock.ts';
import { JobHost } from './job-host.ts';

/** Creates three hosts that keep journals, `hv01` to `hv03`, each with the VM of its number. */
export function threeHosts(clock: FakeClock): [JobHost, JobHost, JobHost] {
  const hostOf = (number: number): JobHost => {
    const host = new JobHost(`hv0${number}`, clock, 0);
    host.addVm(number);
    host.keepsJournal = true;
    return host;
  };
  return [hostOf(1), hostOf(2), hostOf(3)];
}

/** Returns the starts of the VMs of these hosts. */
export function startsOf(count = 3): ChildOrder<'vm.start'>[] {
  return Array.from({ length: count }, (_, at) => ({
    command: 'vm.start',
    request: { vmId: guid(at + 1) },
    hostId: `hv0${at + 1}`,
    subject: { kind: 'vm', id: guid(at + 1), name: `VM-${at + 1}` },
  }));
}

/** Returns a job with these children. */
export function parentOrder(order: ParentOrder['order'], children = startsOf()): ParentOrder {
  return {
    command: 'vm.start',
    title: 'Start 3 VMs',
    subject: { kind: 'none', id: null, name: null },
    order,
    children,
    principal: localAdministrator,
  };
}
