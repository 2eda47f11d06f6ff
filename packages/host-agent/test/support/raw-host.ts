import { HyperVEngine, type FleetSpec } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import type { AgentLine, VmFacts } from '@aether-v/types';
import type { Bridge } from '../bridge/bridge.ts';
import type { RowDistortion } from '../bridge/host-facade.ts';
import type { CimObject } from '../bridge/wql.ts';
import { parseLine } from '../conformance/conversation.ts';
import { operationId } from '../conformance/stage.ts';
import { AgentHost, PowerShellFarm, type AgentSession } from './agent-host.ts';

/** Changes the rows of one VM in some classes; the values are literally what WMI sends. */
export function sends(vm: VmFacts, changes: Readonly<Record<string, CimObject>>): RowDistortion {
  const id = vm.vmId.toUpperCase();
  return (className, rows) => {
    const change = changes[className];
    if (!change) return rows;
    const isIts = (row: CimObject): boolean =>
      [row['Name'], row['SystemName'], row['VirtualSystemIdentifier']].includes(id);
    return rows.map((row) => (isIts(row) ? { ...row, ...change } : row));
  };
}

/** The real agent on one host whose WMI says what a test wants. */
export class RawHost implements AsyncDisposable {
  readonly engine: HyperVEngine;
  readonly #farm: PowerShellFarm;
  readonly #host: AgentHost;
  readonly #session: AgentSession;
  #made = 0;
  /** Called whenever the agent waits, before time passes. */
  whenWaiting: () => void = () => undefined;

  private constructor(engine: HyperVEngine, farm: PowerShellFarm, host: AgentHost, session: AgentSession) {
    this.engine = engine;
    this.#farm = farm;
    this.#host = host;
    this.#session = session;
  }

  static async open(fleet: FleetSpec, hostId = 'n1'): Promise<RawHost> {
    const farm = await PowerShellFarm.open();
    const clock = createFakeClock();
    const engine = new HyperVEngine({ clock, seed: 'raw', fleet });
    const waiting: { raw?: RawHost } = {};
    const host = await AgentHost.open(farm, {
      engine,
      hostId,
      advance: (milliseconds) => {
        waiting.raw?.whenWaiting();
        clock.advance(milliseconds);
      },
    });
    waiting.raw = new RawHost(engine, farm, host, await host.session());
    return waiting.raw;
  }

  get bridge(): Bridge {
    return this.#host.bridge;
  }

  /** Windows is as it should be again. */
  restore(): void {
    this.bridge.distort = undefined;
    this.bridge.managementService = 'Running';
    this.whenWaiting = () => undefined;
  }

  /** A VM by its name. */
  vm(name: string): VmFacts {
    const found = this.engine.hostIds.flatMap((id) => this.engine.vms(id)).find((vm) => vm.name === name);
    if (!found) throw new Error(`There is no ${name}.`);
    return found;
  }

  /** Runs a script within the agent's module. */
  inside(script: string): Promise<readonly unknown[]> {
    return this.#session.script(`& (Get-Module -Name AetherV.HostAgent) { ${script} }`);
  }

  /** Carries an operation out. */
  async call(op: string, request: unknown = {}, timeoutSeconds = 3_600): Promise<AgentLine[]> {
    const id = operationId(++this.#made);
    const lines: AgentLine[] = [];
    const envelope = JSON.stringify({ contract: 2, id, op, timeoutSeconds, actor: 'ann', request });
    for await (const line of this.#session.run(envelope)) lines.push(parseLine(line));
    return lines;
  }

  /** Its last line. */
  async lastOf(op: string, request: unknown = {}, timeoutSeconds = 3_600): Promise<AgentLine | undefined> {
    return (await this.call(op, request, timeoutSeconds)).at(-1);
  }

  /** The VMs of an inventory by their names; fails where the inventory does. */
  async inventory(): Promise<ReadonlyMap<string, VmFacts>> {
    const lines = await this.call('inventory');
    const last = lines.at(-1);
    if (last?.type !== 'result') throw new Error(`The inventory failed: ${JSON.stringify(last)}`);
    return new Map(itemsOf(lines).flatMap(({ vm }) => (vm ? [[vm.name, vm] as const] : [])));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#farm.put(this.#session);
    await this.#host[Symbol.asyncDispose]();
    await this.#farm[Symbol.asyncDispose]();
    this.engine.dispose();
  }
}

/** The items among an operation's lines. */
export function itemsOf(lines: readonly AgentLine[]): { readonly kind: string; readonly vm?: VmFacts }[] {
  return lines.flatMap((line) => (line.type === 'item' ? [line.item as { kind: string; vm?: VmFacts }] : []));
}
