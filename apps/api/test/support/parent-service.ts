import 'reflect-metadata';
import { setTimeout } from 'node:timers/promises';
import type { Vm } from '@aether-v/types';
import { createApp } from '../../src/app.ts';
import { localAdministrator } from '../../src/auth/principal.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { ServiceLogger } from '../../src/logs/service-logger.ts';
import { FleetStore } from '../../src/inventory/fleet-store.ts';
import { ParentJobs } from '../../src/jobs/parent-jobs.ts';
import type { ChildOrder } from '../../src/jobs/parent-plan.ts';

/**
 * Runs the service as its environment says, and has it start the VMs of `PARENT_VMS` (names, separated by commas) one after the
 * other, as children of one job. Reports the id of that job on a separate line.
 */
export async function serveWithParent(): Promise<void> {
  const loaded = loadConfig(process.env);
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  const { config } = loaded;
  const app = await createApp(config, { logger: new ServiceLogger({ colors: false }) });
  await app.listen(config.port, config.bindAddress);
  const store = app.get(FleetStore);
  const names = (process.env['PARENT_VMS'] ?? '').split(',');
  const vms = (): Readonly<Vm>[] =>
    names.flatMap((name) => [...store.rows('vm').values()].find((vm) => vm.name === name) ?? []);
  while (vms().length < names.length) await setTimeout(50);
  const children = vms().map(({ id, vmId, name, hostId }): ChildOrder<'vm.start'> => {
    return { command: 'vm.start', request: { vmId }, hostId, subject: { kind: 'vm', id, name } };
  });
  const { id } = app.get(ParentJobs).accept({
    command: 'vm.start',
    title: `Start ${names.length} VMs`,
    subject: { kind: 'none', id: null, name: null },
    order: 'sequence',
    children,
    principal: localAdministrator,
  });
  process.stdout.write(`parent ${id}\n`);
}
