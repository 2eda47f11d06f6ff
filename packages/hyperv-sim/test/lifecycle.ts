import type { AgentLine, OperationName, OperationRequest, OperationResult, VmFacts } from '@aether-v/types';
import { commonErrors, operations } from '@aether-v/types';
import { Compile } from 'typebox/compile';
import type { FailureSource, FleetSpec } from '../src/engine/index.ts';
import { HyperVEngine } from '../src/engine/index.ts';
import { createHostAgent } from '../src/fleet/index.ts';
import { createFakeClock, type FakeClock } from '../src/testing.ts';
import { Conversation, envelope, finalOf } from './conversation.ts';
import { smallFleetSpec } from './small-fleet.ts';

/** A GiB in bytes. */
export const gibibyte = 1024 ** 3;

/** The folder of the storage class `V1`. */
export const root = 'C:\\ClusterStorage\\V1';

/** How an operation ended. */
export type End<N extends OperationName> =
  | { readonly result: OperationResult<N>; readonly error: null; readonly lines: readonly AgentLine[] }
  | {
      readonly result: null;
      readonly error: { readonly code: string; readonly message: string };
      readonly lines: readonly AgentLine[];
    };

/** One node of a small cluster, with its agent and a clock that goes on as long as an operation needs it. */
export class Lifecycle {
  readonly clock: FakeClock = createFakeClock();
  readonly engine: HyperVEngine;
  readonly hostId: string;
  /** Makes the next step of this name fail. */
  failAt: FailureSource = () => null;

  constructor(fleet: FleetSpec = smallFleetSpec, hostId = 'n1') {
    this.hostId = hostId;
    this.engine = new HyperVEngine({
      clock: this.clock,
      seed: 'life',
      fleet,
      failures: (point) => this.failAt(point),
    });
    this.#agent = createHostAgent({ engine: this.engine, hostId });
  }

  readonly #agent;

  /** Begins an operation and leaves it to the test to move the clock. */
  begin<N extends OperationName>(op: N, request: OperationRequest<N>, change = {}): Conversation {
    return new Conversation(this.#agent, envelope(op, request, change));
  }

  /** Runs an operation to its end; its result is checked against its schema, its error against the list of its errors. */
  async run<N extends OperationName>(op: N, request: OperationRequest<N>, change = {}): Promise<End<N>> {
    const conversation = this.begin(op, request, change);
    const ended = conversation.ended.then(() => true);
    for (let isOver = false; !isOver;) {
      this.clock.advance(500);
      const turn = new Promise<false>((resolve) => setImmediate(() => resolve(false)));
      isOver = await Promise.race([ended, turn]);
    }
    const last = finalOf(conversation.lines);
    const { lines } = conversation;
    if (last.type === 'error') {
      const { errors } = operations[op];
      const known: readonly string[] = [...errors, ...commonErrors];
      if (!known.includes(last.error.code)) throw new Error(`${op} may not end in ${last.error.code}.`);
      if (last.error.code === 'internal') throw new Error(last.error.message);
      return { result: null, error: last.error, lines };
    }
    const check = Compile(operations[op].result);
    if (!check.Check(last.result)) {
      throw new Error(
        `${op}: ${JSON.stringify(check.Errors(last.result)[0])} in ${JSON.stringify(last.result)}`,
      );
    }
    return { result: last.result as OperationResult<N>, error: null, lines };
  }

  /** Runs an operation that must end well. */
  async done<N extends OperationName>(op: N, request: OperationRequest<N>): Promise<OperationResult<N>> {
    const { result, error } = await this.run(op, request);
    if (error) throw new Error(`${op}: ${error.code} ${error.message}`);
    return result;
  }

  /** Runs an operation that must fail; returns the code. */
  async refused<N extends OperationName>(op: N, request: OperationRequest<N>): Promise<string> {
    const { error } = await this.run(op, request);
    if (!error) throw new Error(`${op} was not refused.`);
    return error.code;
  }

  /** The VM as the host reports it. */
  vm(vmId: string): VmFacts {
    const vm = this.engine.vm(this.hostId, vmId);
    if (!vm) throw new Error(`There is no VM ${vmId}.`);
    return vm;
  }

  /** Every file and folder of the host, and the space that is left. */
  storage(): unknown {
    return this.engine
      .steps(this.hostId)
      .files.volumes()
      .map((volume) => ({
        free: volume.free,
        files: [...volume.files.keys()].sort(),
        folders: [...volume.folders.keys()].sort(),
      }));
  }

  /** Whether there is a file. */
  has(path: string): boolean {
    return this.engine.steps(this.hostId).files.find(path) !== undefined;
  }

  /** Brings a VM to rest or to life. */
  power(vmId: string, action: 'start' | 'stop'): void {
    this.engine.power(this.hostId, vmId, action);
    this.clock.advance(60_000);
  }
}

/** A request that makes a plain VM. */
export const plainVm: OperationRequest<'vm.create'> = {
  name: 'SRV-01',
  generation: 2,
  processors: 2,
  memory: { dynamic: false, startup: 2 * gibibyte },
  secureBoot: 'MicrosoftUEFICertificateAuthority',
  automaticStartAction: 'StartIfRunning',
  automaticStartDelaySeconds: 30,
  automaticStopAction: 'ShutDown',
  checkpointType: 'Production',
  notes: 'A server.',
  bootOrder: ['dvd', 'disk'],
  storageClass: 'V1',
  disks: [
    { image: 'ubuntu-24.04', sizeBytes: 64 * gibibyte },
    { sizeBytes: 10 * gibibyte, type: 'Dynamic' },
  ],
  networkAdapters: [
    { network: 'servers', macAddress: null },
    { network: null, macAddress: '02AABBCCDD01' },
  ],
  dvd: { iso: 'ubuntu-24.04.2-live-server-amd64.iso' },
  clustered: true,
  start: false,
};
