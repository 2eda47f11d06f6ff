import { vmActionOf, vmActions, type Envelope, type ErrorInfo, type JournalEntry } from '@aether-v/types';
import { FakeHost } from './fake-agents.ts';
import type { FakeClock } from './fake-clock.ts';
import { guid, hostResources, vmFacts } from './facts.ts';

type Line = Record<string, unknown> & { readonly type: string };

/** A host whose operations on VMs end when a test says so, and whose journal says what a test wants. */
export class JobHost {
  readonly host: FakeHost;
  readonly journal = new Map<string, JournalEntry>();
  /** Operations on VMs that run, by their VM's GUID and name. */
  readonly running = new Map<string, (line: Line) => void>();
  readonly #opOf = new Map<string, string>();
  readonly cancelled: string[] = [];
  /** Whether this host cannot take note that an operation is to be cancelled. */
  cancelFails = false;
  /** Until when this host has its journal read, before it lists it. */
  beforeList: Promise<unknown> = Promise.resolve();
  /** Whether this host can still cancel what runs. */
  acceptsCancel = true;
  /** Happens on the host just before it takes note of that. */
  beforeCancel: () => void = () => undefined;
  /** How many more times the connection breaks when this host is asked for a status. */
  cutsAtStatus = 0;
  /** Whether this host journals what it runs, replays what has ended, and bars what it is told to cancel before it came. */
  keepsJournal = false;

  readonly #clock: FakeClock;

  constructor(name: string, clock: FakeClock, vmCount: number) {
    this.#clock = clock;
    this.host = new FakeHost(name, clock);
    for (let at = 1; at <= vmCount; at += 1) this.addVm(at);
    this.host.respond = (envelope) => this.#respond(envelope);
  }

  /** Gives the host a VM. */
  addVm(number: number): void {
    const facts = vmFacts(guid(number), { name: `VM-${number}`, state: 'Off', startedAt: null });
    this.host.vms.set(guid(number), facts);
  }

  /** What was asked of the host, other than reading it. */
  asked(op: string): Envelope[] {
    return this.host.envelopes.filter((envelope) => envelope.op === op);
  }

  /** Says a line of a running operation; `result` and `error` end it. */
  say(vmId: string, line: Line): void {
    const listener = this.running.get(vmId);
    if (listener === undefined) throw new Error(`Nothing runs on ${vmId}.`);
    listener(line);
  }

  /** Ends an operation as one ends that did what it is for. */
  succeed(vmId: string): void {
    const action = vmActionOf(this.#opOf.get(vmId) ?? '');
    const state = action === null ? 'Running' : vmActions[action].target;
    this.say(vmId, { type: 'result', result: { vmId, state } });
  }

  #respond(envelope: Envelope): Iterable<Line> | AsyncIterable<Line> {
    const { op, request } = envelope;
    const { operationId = '', vmId = '' } = request as { operationId?: string; vmId?: string };
    switch (op) {
      case 'operation.list':
        return this.#list();
      case 'host.resources':
        return [{ type: 'result', result: hostResources() }];
      case 'checkpoint.list':
        return [{ type: 'result', result: { vmId, checkpoints: [] } }];
      case 'operation.status':
        if (this.cutsAtStatus > 0) {
          this.cutsAtStatus -= 1;
          this.host.cut();
        }
        return [{ type: 'result', result: this.journal.get(operationId) ?? null }];
      case 'operation.cancel':
        if (this.cancelFails) {
          return [
            { type: 'error', error: { code: 'agent-error', message: 'The disk is full.', remedy: null } },
          ];
        }
        this.beforeCancel();
        this.cancelled.push(operationId);
        if (this.keepsJournal && !this.journal.has(operationId)) {
          this.#write({ ...envelope, id: operationId, op: 'operation.cancel' }, { state: 'cancelled' });
          return [{ type: 'result', result: { accepted: true, begun: false } }];
        }
        return [
          { type: 'result', result: { accepted: this.acceptsCancel, begun: this.journal.has(operationId) } },
        ];
      default:
        this.#opOf.set(vmId, op);
        return this.keepsJournal ? this.#runOnce(envelope, vmId) : this.#run(vmId);
    }
  }

  async *#list(): AsyncGenerator<Line> {
    await this.beforeList;
    for (const item of this.journal.values()) yield { type: 'item', item };
    yield { type: 'result', result: { count: this.journal.size } };
  }

  /** Ends a journalled operation as succeeded after its connection was lost. */
  end(vmId: string): void {
    for (const entry of this.journal.values()) {
      if (entry.vmId !== vmId || entry.state !== 'running') continue;
      const at = new Date(this.#clock.now()).toISOString();
      const result = { vmId, state: 'Running' };
      this.journal.set(entry.operationId, { ...entry, state: 'succeeded', finishedAt: at, result });
    }
  }

  async *#runOnce(envelope: Envelope, vmId: string): AsyncGenerator<Line> {
    const known = this.journal.get(envelope.id);
    if (known?.state === 'cancelled') {
      yield { type: 'error', error: { code: 'cancelled', message: 'Barred.', remedy: null } };
      return;
    }
    if (known?.state === 'succeeded') {
      yield { type: 'result', result: known.result };
      return;
    }
    this.#write(envelope, { vmId });
    yield { type: 'log', at: '2026-01-01T00:00:00Z', level: 'info', message: 'It begins.' };
    for await (const line of this.#run(vmId)) {
      if (line.type === 'result') this.#write(envelope, { vmId, state: 'succeeded', result: line['result'] });
      if (line.type === 'error')
        this.#write(envelope, { vmId, state: 'failed', error: line['error'] as ErrorInfo });
      yield line;
    }
  }

  #write(envelope: Envelope, entry: Partial<JournalEntry>): void {
    const { id, op, actor, note, idempotencyKey, fingerprint } = envelope;
    const at = new Date(this.#clock.now()).toISOString();
    const { startedAt = at } = this.journal.get(id) ?? {};
    const { state = 'running' } = entry;
    this.journal.set(id, {
      operationId: id,
      op,
      state,
      vmId: null,
      actor,
      startedAt,
      finishedAt: state === 'running' ? null : at,
      percent: null,
      message: null,
      ...(note === undefined ? {} : { note }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...entry,
    });
  }

  async *#run(vmId: string): AsyncGenerator<Line> {
    const queue: Line[] = [];
    let wake = (): void => undefined;
    this.running.set(vmId, (line) => {
      queue.push(line);
      wake();
    });
    try {
      for (;;) {
        const line = queue.shift();
        if (line === undefined) {
          await new Promise<void>((resolve) => (wake = resolve));
        } else {
          yield line;
          if (line.type === 'result' || line.type === 'error') return;
        }
      }
    } finally {
      this.running.delete(vmId);
    }
  }
}
