import type {
  Cluster,
  CommandName,
  ErrorInfo,
  Host,
  Job,
  RowKind,
  Rows,
  Vm,
  VmActionName,
  VmState,
} from '@aether-v/types';
import { commands, isActionAllowed, operations, summaryOfVm, vmActions } from '@aether-v/types';
import type { FakeChange } from './changes.ts';
import { makeJob, makeTestJob } from './job-rows.ts';
import { guid, makeClusters, makeHosts, makeVms } from './rows.ts';

/** What happens to a row, with its place in the sequence. */
export type Change =
  | {
      readonly seq: number;
      readonly event: 'row';
      readonly data: { kind: RowKind; id: string; row: Rows[RowKind] };
    }
  | { readonly seq: number; readonly event: 'deleted'; readonly data: { kind: RowKind; id: string } };

/** A fleet in memory that behaves as the service does towards the console: versions, jobs, transitions. */
export class FakeFleet {
  readonly clusters = new Map<string, Cluster>();
  readonly hosts = new Map<string, Host>();
  readonly vms = new Map<string, Vm>();
  readonly jobs = new Map<string, Job>();
  readonly changes: Change[] = [];
  epoch = 'a1';
  seq = 100;
  /** How long each step of an action takes; 0 leaves it to `step`. */
  stepMs = 30;
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #failures = new Map<string, ErrorInfo>();
  readonly #held: (() => void)[] = [];

  constructor(vmCount: number) {
    const now = Date.now();
    for (const cluster of makeClusters()) this.clusters.set(cluster.id, cluster);
    for (const host of makeHosts(now)) this.hosts.set(host.id, host);
    for (const vm of makeVms(vmCount, [...this.hosts.values()], now)) this.vms.set(vm.id, vm);
    this.#count();
  }

  get version(): string {
    return `${this.epoch}.${this.seq}`;
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  vmNamed(name: string): Vm {
    const vm = [...this.vms.values()].find((candidate) => candidate.name === name);
    if (!vm) throw new Error(`No VM is called ${name}.`);
    return vm;
  }

  changeVm(id: string, patch: Partial<Vm>): void {
    const vm = this.vms.get(id);
    if (!vm) throw new Error(`There is no VM ${id}.`);
    const row = { ...vm, ...patch };
    this.putVm(row);
    if (patch.state) this.#count();
  }

  putVm(row: Vm): void {
    this.vms.set(row.id, row);
    this.#emit({ event: 'row', data: { kind: 'vm', id: row.id, row: summaryOfVm(row) } });
  }

  deleteVm(id: string): void {
    this.vms.delete(id);
    this.#emit({ event: 'deleted', data: { kind: 'vm', id } });
    this.#count();
  }

  changeHost(id: string, patch: Partial<Host>): void {
    const host = this.hosts.get(id);
    if (!host) throw new Error(`There is no host ${id}.`);
    const row = { ...host, ...patch };
    this.hosts.set(id, row);
    this.#emit({ event: 'row', data: { kind: 'host', id, row } });
  }

  /** The next job for this action or command ends with this error. */
  failNext(action: VmActionName | CommandName, error: ErrorInfo): void {
    this.#failures.set(action, error);
  }

  /** The next steps of held actions happen now. */
  step(): void {
    for (const run of this.#held.splice(0)) run();
  }

  act(vm: Vm, action: VmActionName, part: Partial<Job> = {}): Job | null {
    if (!isActionAllowed(action, vm)) return null;
    const rule = vmActions[action];
    const job = { ...makeJob(vm, rule.op, commands[rule.op].title, Date.now()), ...part };
    this.putJob(job);
    this.#later(() => this.#run(job, vm.id, action));
    return job;
  }

  /** Accepts a change of a VM; its effect comes with the end of the job. */
  change(vm: Vm, { command, effect }: FakeChange, part: Partial<Job> = {}): Job {
    const job = { ...makeJob(vm, command, commands[command].title, Date.now()), ...part };
    this.putJob(job);
    this.#later(() => {
      const startedAt = new Date().toISOString();
      this.putJob({ ...job, state: 'running', startedAt, percent: 10 });
      this.#later(() => this.#endChange(job, vm.id, effect));
    });
    return job;
  }

  /** Accepts the creation of a VM, which appears with the end of the job. */
  create(host: Host, like: Vm): Job {
    const id = guid(0xcc, this.vms.size);
    const vm: Vm = { ...like, id, vmId: id, hostId: host.id, hostName: host.name, checkpoints: [] };
    const made = makeJob({ id: host.id, name: vm.name, hostId: host.id }, 'vm.create', 'Create', Date.now());
    const job: Job = { ...made, subject: { kind: 'host', id: host.id, name: host.name } };
    this.putJob(job);
    this.#later(() => {
      const finishedAt = new Date().toISOString();
      this.putVm(vm);
      const result = { vm, diskIds: [], adapterIds: [] };
      this.putJob({ ...job, state: 'succeeded', startedAt: finishedAt, finishedAt, percent: 100, result });
    });
    return job;
  }

  #endChange(job: Job, vmId: string, effect: FakeChange['effect']): void {
    const finishedAt = new Date().toISOString();
    const ended = { ...job, startedAt: finishedAt, finishedAt, cancellable: false };
    const error = this.#failures.get(job.command);
    this.#failures.delete(job.command);
    if (error) {
      this.putJob({ ...ended, state: 'failed', error });
      return;
    }
    const vm = this.vms.get(vmId);
    const patch = vm && effect(vm);
    if (patch) this.changeVm(vmId, patch);
    else if (vm) this.deleteVm(vmId);
    this.putJob({ ...ended, state: 'succeeded', percent: 100 });
  }

  testHost(host: Host): Job {
    const job = makeTestJob(host, Date.now());
    this.putJob(job);
    this.#later(() => this.#finishTest(job, host));
    return job;
  }

  cancel(job: Job): void {
    this.putJob({ ...job, cancelRequested: true });
  }

  /** The service was restarted: positions of the old epoch mean nothing any more. */
  restart(): void {
    this.epoch = `b${Number(this.epoch.slice(1)) + 1}`;
    this.seq = 1;
    this.changes.length = 0;
  }

  #run(job: Job, vmId: string, action: VmActionName): void {
    const rule = vmActions[action];
    const from = this.vms.get(vmId)?.state ?? 'Off';
    const startedAt = new Date().toISOString();
    const log = [
      { at: startedAt, level: 'info' as const, message: `${commands[rule.op].title}: accepted by vmms.` },
    ];
    const cancellable = operations[rule.op].cancelsRunning;
    const message = 'waiting for Hyper-V';
    this.putJob({ ...job, state: 'running', cancellable, startedAt, percent: 10, message, log });
    this.changeVm(vmId, { state: rule.transition });
    this.#later(() => this.#finish(job.id, vmId, action, from));
  }

  #finishTest(job: Job, { connection, facts, name }: Host): void {
    const finishedAt = new Date().toISOString();
    const ended = { ...job, finishedAt, cancellable: false };
    if (connection.error) {
      const error = { ...connection.error, code: 'host-unreachable' } as const;
      this.putJob({ ...ended, state: 'failed', error });
    } else {
      const result = { hostName: name, agentVersion: facts?.agentVersion ?? '' };
      this.putJob({ ...ended, state: 'succeeded', startedAt: finishedAt, percent: 100, result });
    }
  }

  #finish(id: string, vmId: string, action: VmActionName, from: VmState): void {
    const job = this.jobs.get(id);
    if (!job) return;
    const finishedAt = new Date().toISOString();
    const error = this.#failures.get(action);
    this.#failures.delete(action);
    const cancelOutcome = job.cancelRequested ? ('too-late' as const) : null;
    const ended = { ...job, finishedAt, message: null, percent: null, cancellable: false, cancelOutcome };
    if (error) {
      this.changeVm(vmId, { state: from });
      const line = { at: finishedAt, level: 'error' as const, message: error.message };
      this.putJob({ ...ended, state: 'failed', error, log: [...job.log, line] });
      return;
    }
    const { target } = vmActions[action];
    const startedAt = target === 'Running' ? finishedAt : null;
    this.changeVm(vmId, { state: target, startedAt });
    const line = { at: finishedAt, level: 'info' as const, message: `The VM is ${target}.` };
    this.putJob({ ...ended, state: 'succeeded', percent: 100, log: [...job.log, line] });
  }

  #later(run: () => void): void {
    if (this.stepMs === 0) this.#held.push(run);
    else setTimeout(run, this.stepMs);
  }

  putJob(row: Job): void {
    this.jobs.set(row.id, row);
    this.#emit({ event: 'row', data: { kind: 'job', id: row.id, row } });
  }

  #count(): void {
    const vms = [...this.vms.values()];
    const put = <R extends { vmCount: number; runningVmCount: number; staleVmCount: number }>(
      row: R,
      of: Vm[],
      emit: (row: R) => void,
    ): void => {
      const running = of.filter(({ state, stale }) => state === 'Running' && stale === null).length;
      const stale = of.filter((vm) => vm.stale !== null).length;
      if (row.vmCount !== of.length || row.runningVmCount !== running || row.staleVmCount !== stale) {
        emit({ ...row, vmCount: of.length, runningVmCount: running, staleVmCount: stale });
      }
    };
    for (const host of this.hosts.values()) {
      put(
        host,
        vms.filter((vm) => vm.hostId === host.id),
        (row) => {
          this.hosts.set(row.id, row);
          this.#emit({ event: 'row', data: { kind: 'host', id: row.id, row } });
        },
      );
    }
    for (const cluster of this.clusters.values()) {
      put(
        cluster,
        vms.filter((vm) => vm.clusterId === cluster.id),
        (row) => {
          this.clusters.set(row.id, row);
          this.#emit({ event: 'row', data: { kind: 'cluster', id: row.id, row } });
        },
      );
    }
  }

  #emit(
    change:
      | { event: 'row'; data: { kind: RowKind; id: string; row: Rows[RowKind] } }
      | { event: 'deleted'; data: { kind: RowKind; id: string } },
  ): void {
    this.seq += 1;
    const stamped: Change = { seq: this.seq, ...change };
    this.changes.push(stamped);
    for (const listener of this.#listeners) listener(stamped);
  }
}
