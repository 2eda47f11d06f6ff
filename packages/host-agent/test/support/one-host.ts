import { HyperVEngine, type FleetSpec } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import type { AgentLine, OperationName, VmFacts } from '@aether-v/types';
import { parseLine } from '../conformance/conversation.ts';
import { operationId } from '../conformance/stage.ts';
import { AgentHost, type AgentSession, type PowerShellFarm } from './agent-host.ts';

/** A host of a fleet with the agent on it, for tests that send it one operation after the other. */
export class OneHost implements AsyncDisposable {
  readonly engine: HyperVEngine;
  readonly host: AgentHost;
  readonly session: AgentSession;
  /** Lets time pass. */
  readonly pass: (milliseconds: number) => void;
  readonly #farm: PowerShellFarm;
  #sent = 0;

  private constructor(
    engine: HyperVEngine,
    pass: (milliseconds: number) => void,
    host: AgentHost,
    session: AgentSession,
    farm: PowerShellFarm,
  ) {
    this.engine = engine;
    this.pass = pass;
    this.host = host;
    this.session = session;
    this.#farm = farm;
  }

  /** Puts the agent onto the host `n1` of a fleet. */
  static async open(farm: PowerShellFarm, fleet: FleetSpec): Promise<OneHost> {
    const clock = createFakeClock();
    const engine = new HyperVEngine({ clock, seed: 'one host', fleet });
    const advance = (milliseconds: number): void => clock.advance(milliseconds);
    const host = await AgentHost.open(farm, { engine, hostId: 'n1', advance });
    return new OneHost(engine, advance, host, await host.session(), farm);
  }

  /** A VM by its name, on whatever host it is. */
  vm(name: string): VmFacts {
    const found = this.engine.hostIds.flatMap((id) => this.engine.vms(id)).find((vm) => vm.name === name);
    if (!found) throw new Error(`There is no ${name}.`);
    return found;
  }

  /** The path of a disk of a VM. */
  path(name: string, index = 0): string {
    return this.vm(name).disks[index]?.path ?? '';
  }

  /** Which of these files are there. */
  there(...paths: readonly string[]): readonly boolean[] {
    return paths.map((path) => this.engine.steps('n1').files.find(path) !== undefined);
  }

  /** Every line of one operation. */
  async lines(op: OperationName, request: unknown): Promise<readonly AgentLine[]> {
    const id = operationId(++this.#sent);
    const envelope = JSON.stringify({ contract: 2, id, op, timeoutSeconds: 3_600, actor: 'ann', request });
    const lines: AgentLine[] = [];
    for await (const line of this.session.run(envelope)) lines.push(parseLine(line));
    return lines;
  }

  /** The last line of one operation. */
  async run(op: OperationName, request: unknown): Promise<AgentLine | undefined> {
    return (await this.lines(op, request)).at(-1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A runspace remembers which disks did not answer; the next host has others under the same names.
    await this.session.script('& (Get-Module -Name AetherV.HostAgent) { $script:HungDisks = @{} }');
    this.#farm.put(this.session);
    await this.host[Symbol.asyncDispose]();
    this.engine.dispose();
  }
}

/** What the service sends of the VMs of other hosts: their disks, and the file that each stands on. */
export function elsewhereOf(
  host: OneHost,
  ...names: readonly string[]
): { readonly disksElsewhere: readonly { readonly path: string; readonly parentPath: string | null }[] } {
  return {
    disksElsewhere: names.flatMap((name) =>
      host.vm(name).disks.flatMap(({ path, parentPath, ancestors = [] }) => {
        const chain = [path, ...(parentPath === null ? [] : [parentPath]), ...ancestors];
        return chain.map((file, at) => ({ path: file, parentPath: chain[at + 1] ?? null }));
      }),
    ),
  };
}
