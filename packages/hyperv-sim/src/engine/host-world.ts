import type { EngineClock } from './clock.ts';
import { EngineError } from './engine-error.ts';
import type { EngineJob } from './engine-job.ts';
import type { EngineStep } from './engine-step.ts';
import type { HostStorage } from './host-storage.ts';
import type { Machine } from './machine.ts';
import type { Random } from './random.ts';
import type { SimHost } from './sim-host.ts';
import type { VmConfig } from './vm-config.ts';

/** The state that the steps of one host work on. */
export interface HostWorld {
  readonly host: SimHost;
  readonly storage: HostStorage;
  readonly clock: EngineClock;
  readonly random: Random;
  /** Background jobs of the host, such as merges. */
  readonly background: Set<EngineJob>;
  /** Files that are being written by a job, by key. */
  readonly busyFiles: Set<string>;
  /** Every VM of this host and of those that share its storage. */
  neighbours(): Machine[];
  /** Puts a VM that is off onto the host. */
  place(config: VmConfig): Machine;
  /** Takes a VM from the host. */
  displace(machine: Machine): void;
  /** Throws the injected failure of a step, if there is one. */
  check(step: EngineStep, vmId: string): void;
}

/** The VM of this id on the host; throws `not-found`. */
export function machineOf({ host }: HostWorld, vmId: string): Machine {
  const machine = host.machines.get(vmId);
  if (!machine) throw new EngineError('not-found', `${host.id} has no VM ${vmId}.`);
  return machine;
}

/** Throws `wrong-state` while the VM is in a transition or busy. */
export function requireIdle(machine: Machine): void {
  const { activity, state } = machine.condition;
  if (!machine.transition && !activity) return;
  throw new EngineError(
    'wrong-state',
    `"${machine.config.name}" is ${activity ? `busy (${activity.kind})` : state}.`,
    'Wait until this has ended, then retry.',
  );
}

/** Throws `wrong-state` unless the VM is off and idle. */
export function requireOff(machine: Machine, what: string): void {
  requireIdle(machine);
  if (machine.condition.state === 'Off') return;
  throw new EngineError(
    'wrong-state',
    `"${machine.config.name}" is ${machine.condition.state}: ${what} requires the VM to be off.`,
    'Shut the VM down first.',
  );
}

/**
 * Throws `wrong-state` unless devices can be changed: while the VM is off, or runs. In generation 1 only SCSI disks can
 * be changed while it runs.
 */
export function requireChangeable(
  machine: Machine,
  what: string,
  hot = machine.config.generation === 2,
): void {
  requireIdle(machine);
  const { state } = machine.condition;
  if (state === 'Off' || (hot && state === 'Running')) return;
  throw new EngineError(
    'wrong-state',
    `"${machine.config.name}" is ${state}: ${what} requires the VM to be off${hot ? ' or running' : ''}.`,
  );
}
