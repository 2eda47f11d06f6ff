import type { VmFacts } from '@aether-v/types';
import type { EngineClock } from './clock.ts';
import { EngineError } from './engine-error.ts';
import type { RunningJob } from './engine-job.ts';
import { guestOperatingSystems } from './guest-os.ts';
import type { Random } from './random.ts';
import type { VmConfig } from './vm-config.ts';
import { vmFacts, type VmCondition } from './vm-facts.ts';
import type { StoredFile } from './volume.ts';

/** The environment of a VM. */
export interface MachineSurroundings {
  readonly clock: EngineClock;
  readonly random: Random;
  /** The file of a path, as the host sees it. */
  look(hostId: string, path: string): StoredFile | undefined;
  /** Called after each change of the VM's facts. */
  changed(machine: Machine): void;
}

/** One VM on its host: its configuration and condition, the transition it is in, and its guest's start. */
export class Machine {
  hostId: string;
  readonly surroundings: MachineSurroundings;
  #config: VmConfig;
  #condition: VmCondition;
  #facts: VmFacts | null = null;
  #transition: RunningJob | null = null;
  #cancelStep: () => void = () => undefined;
  #cancelGuest: () => void = () => undefined;
  #cancelBackground: () => void = () => undefined;

  constructor(hostId: string, config: VmConfig, condition: VmCondition, surroundings: MachineSurroundings) {
    this.hostId = hostId;
    this.#config = config;
    this.#condition = condition;
    this.surroundings = surroundings;
  }

  get id(): string {
    return this.#config.vmId;
  }

  get config(): VmConfig {
    return this.#config;
  }

  get condition(): VmCondition {
    return this.#condition;
  }

  /** The job that is moving this VM to another state, if any. */
  get transition(): RunningJob | null {
    return this.#transition;
  }

  /** The facts of the VM; the same object until something changes. */
  get facts(): VmFacts {
    this.#facts ??= vmFacts(this.#config, this.#condition, this.hostId, (path) =>
      this.surroundings.look(this.hostId, path),
    );
    return this.#facts;
  }

  configure(change: Partial<VmConfig>): void {
    this.#config = { ...this.#config, ...change };
    this.touch();
  }

  become(change: Partial<VmCondition>): void {
    this.#condition = { ...this.#condition, ...change };
    this.touch();
  }

  /** Moves the VM to another host of its cluster; both report it. */
  settleOn(hostId: string): void {
    this.hostId = hostId;
    this.#facts = null;
  }

  /** Begins a transition; the previous one ends as superseded. */
  begin(job: RunningJob): void {
    this.#cancelStep();
    this.#cancelGuest();
    this.#transition?.fail(
      new EngineError(
        'cancelled',
        `${this.#transition.kind} was superseded: "${this.#config.name}" was turned off.`,
      ),
    );
    this.#transition = job;
  }

  /** Runs the next step of the transition after a delay. */
  after(delayMs: number, step: () => void): void {
    this.#cancelStep();
    this.#cancelStep = this.surroundings.clock.schedule(delayMs, step);
  }

  /** Ends the transition with this condition. */
  end(condition: Partial<VmCondition>, error?: EngineError): void {
    const job = this.#transition;
    this.#cancelStep();
    this.#transition = null;
    this.become(condition);
    if (error) job?.fail(error);
    else job?.complete();
  }

  /** Starts the guest: it has contact after `delayMs` if it has integration services. */
  awaitGuest(delayMs: number): void {
    this.#cancelGuest();
    if (guestOperatingSystems[this.#config.os].services.length === 0) return;
    this.#cancelGuest = this.surroundings.clock.schedule(delayMs, () => this.become({ contact: 'ok' }));
  }

  /** Runs an action after a delay, independent of transitions. */
  background(delayMs: number, action: () => void): void {
    this.#cancelBackground();
    this.#cancelBackground = this.surroundings.clock.schedule(delayMs, action);
  }

  /** Cancels everything that is scheduled. */
  dispose(): void {
    this.#cancelStep();
    this.#cancelGuest();
    this.#cancelBackground();
  }

  /** Reports that facts of the VM have changed, such as one of its files. */
  touch(): void {
    this.#facts = null;
    this.surroundings.changed(this);
  }
}
