import {
  commands,
  isActionAllowed,
  vmActions,
  type VmActionName,
  type VmActivityKind,
} from '@aether-v/types';
import { EngineError } from './engine-error.ts';
import { RunningJob } from './engine-job.ts';
import { guestOperatingSystems } from './guest-os.ts';
import type { Machine } from './machine.ts';
import { runTimed } from './timed.ts';
import { isCritical } from './vm-facts.ts';

/** Time that Hyper-V waits for a guest that was asked to shut down (Stop-VM). */
export const guestGraceMs = 5 * 60_000;

/** Time after which a guest reports unsaved work. */
const refusalMs = 3_000;

/** The options of a power action, and the free memory of the host. */
export interface PowerOptions {
  /** With `shutdown`: ignore unsaved work. */
  readonly force: boolean;
  /** Bytes of host memory that are free for a VM that starts. */
  readonly freeMemory: number;
}

const gibibyte = 1024 ** 3;
const off = { state: 'Off', startedAt: null, contact: 'none' } as const;

function between(machine: Machine, [low, high]: readonly [number, number]): number {
  return machine.surroundings.random.integer(low, high);
}

/** Activities during which Hyper-V refuses power actions. */
const hindrances: Partial<Record<VmActivityKind, string>> = {
  Migrating: 'is being moved to another host',
  MigratingPlanned: 'is the planned VM of a migration',
  CreatingCheckpoint: 'has a checkpoint being created',
  ApplyingCheckpoint: 'is being restored to a checkpoint',
  DeletingCheckpoint: 'has a checkpoint being deleted',
};

const labelOf = (action: VmActionName): string => commands[vmActions[action].op].label;

/** Throws if the action does not fit the VM's state. */
function requireAllowed(machine: Machine, action: VmActionName): void {
  const { state, activity } = machine.condition;
  const critical = isCritical(machine.condition);
  const name = machine.config.name;
  const hindrance = activity && hindrances[activity.kind];
  if (hindrance !== undefined && hindrance !== null) {
    throw new EngineError(
      'wrong-state',
      `"${name}" ${hindrance}; it cannot ${labelOf(action).toLowerCase()} now.`,
      'Wait until this has ended, then retry.',
    );
  }
  if (isActionAllowed(action, { state, critical })) return;
  throw new EngineError(
    'wrong-state',
    critical
      ? `"${name}" is critical (${state}, health ${machine.condition.health}), usually because its storage is unreachable.`
      : `"${name}" is ${state}: ${labelOf(action)} needs ${vmActions[action].allowedStates.join(' or ')}.`,
    critical ? 'Restore its storage, or turn the VM off.' : null,
  );
}

/** Throws if the guest cannot be asked (Msvm_ShutdownComponent does not work). */
function requireGuest(machine: Machine): void {
  const { config, condition } = machine;
  const answers = guestOperatingSystems[config.os].services.some((service) => service === 'Shutdown');
  const isDisabled = config.disabledServices.includes('Shutdown');
  if (condition.contact === 'ok' && answers && !isDisabled) return;
  const [why, remedy] = isDisabled
    ? ['is disabled', 'Enable the shutdown service in the settings of the VM, or turn the VM off.']
    : condition.contact === 'lost'
      ? ['has lost contact with the host', 'Look at its console, or turn the VM off.']
      : ['has no contact with the host', 'Wait until the guest has started, or turn the VM off.'];
  throw new EngineError(
    'wrong-state',
    `The guest of "${config.name}" cannot be shut down or restarted: its shutdown service ${why}.`,
    remedy,
  );
}

function requireMemory(machine: Machine, free: number): void {
  const { name, memory } = machine.config;
  if (memory.startup <= free) return;
  throw new EngineError(
    'agent-error',
    `Not enough memory in the system to start "${name}": it needs ${Math.round(memory.startup / 1024 ** 2)} MB.`,
    'Turn another VM off, or start this one on another host.',
  );
}

/** Resumes after a pause or a cancelled action; a guest that was still starting continues. */
function runOn(machine: Machine, error?: EngineError): void {
  machine.end({ state: 'Running' }, error);
  if (machine.condition.contact === 'none') {
    machine.awaitGuest(between(machine, guestOperatingSystems[machine.config.os].bootMs));
  }
}

function boot(machine: Machine): void {
  machine.end({ state: 'Running', startedAt: machine.surroundings.clock.now(), contact: 'none' });
  machine.awaitGuest(between(machine, guestOperatingSystems[machine.config.os].bootMs));
}

function start(machine: Machine, job: RunningJob): void {
  const restores = machine.condition.state !== 'Off';
  machine.become({ state: 'Starting', contact: 'none' });
  const restoreMs = 1_500 + Math.min(8_000, (machine.config.memory.startup / gibibyte) * 80);
  runTimed(machine, job, restores ? restoreMs : between(machine, [2_000, 6_000]), () => {
    if (!restores) {
      boot(machine);
      return;
    }
    machine.end({ state: 'Running', startedAt: machine.surroundings.clock.now() });
    machine.awaitGuest(1_000);
  });
}

/** Asks the guest to shut down, and calls `down` when it has. Otherwise the VM keeps running and the job fails. */
function askGuest(machine: Machine, job: RunningJob, force: boolean, down: () => void): void {
  const { name, manners, os } = machine.config;
  machine.become({ state: 'Stopping' });
  // Not cancellable: the guest shuts down all the same.
  job.progress(null, 'Waiting for the guest');
  if (manners === 'hangs') {
    machine.after(guestGraceMs, () => {
      const words = `The guest of "${name}" did not respond within five minutes${force ? ', even though the shutdown was forced' : ''}.`;
      machine.end(
        { state: 'Running', contact: 'lost' },
        new EngineError('guest-timeout', words, 'Check the console of the VM, or turn the VM off.'),
      );
    });
  } else if (manners === 'unsaved-work' && !force) {
    machine.after(refusalMs, () => {
      const error = new EngineError(
        'agent-error',
        `The guest of "${name}" refused the request, because applications with unsaved work are open.`,
        'Save the work and close them, or force the shutdown.',
      );
      runOn(machine, error);
    });
  } else {
    machine.after(between(machine, guestOperatingSystems[os].shutdownMs), down);
  }
}

function save(machine: Machine, job: RunningJob): void {
  const before = machine.condition.state;
  machine.become({ state: 'Saving' });
  job.cancellable(() => (before === 'Paused' ? machine.end({ state: before }) : runOn(machine)));
  const memory = machine.config.memory.startup / gibibyte;
  runTimed(machine, job, 1_200 + Math.min(25_000, memory * 450), () =>
    machine.end({ state: 'Saved', startedAt: null, contact: 'none' }),
  );
}

const carryOut = {
  start,
  shutdown: (machine, job, { force }) => askGuest(machine, job, force, () => machine.end(off)),
  stop: (machine, job) => {
    machine.become({ state: 'Stopping', contact: 'none' });
    runTimed(machine, job, between(machine, [600, 1_800]), () => machine.end(off));
  },
  restart: (machine, job) => askGuest(machine, job, false, () => boot(machine)),
  reset: (machine, job) => {
    machine.become({ state: 'Resetting', contact: 'none' });
    runTimed(machine, job, between(machine, [600, 1_500]), () => boot(machine));
  },
  save,
  pause: (machine, job) => {
    machine.become({ state: 'Pausing' });
    runTimed(machine, job, between(machine, [200, 500]), () => machine.end({ state: 'Paused' }));
  },
  resume: (machine, job) => {
    machine.become({ state: 'Resuming' });
    runTimed(machine, job, between(machine, [200, 500]), () => runOn(machine));
  },
} as const satisfies Record<VmActionName, (machine: Machine, job: RunningJob, options: PowerOptions) => void>;

/** Actions that the guest carries out. */
const needsGuest: readonly VmActionName[] = ['shutdown', 'restart'];

/** Throws `EngineError` if the state of the VM, or its guest, does not allow a power action. */
export function requirePowerAction(machine: Machine, action: VmActionName): void {
  requireAllowed(machine, action);
  if (needsGuest.includes(action)) requireGuest(machine);
}

/** Starts a power action by Hyper-V's rules. Throws `EngineError` if Hyper-V refuses it at once. */
export function beginPowerAction(machine: Machine, action: VmActionName, options: PowerOptions): RunningJob {
  requirePowerAction(machine, action);
  if (action === 'start') requireMemory(machine, options.freeMemory);
  const job = new RunningJob(labelOf(action), machine.id, vmActions[action].transition);
  machine.begin(job);
  carryOut[action](machine, job, options);
  return job;
}
