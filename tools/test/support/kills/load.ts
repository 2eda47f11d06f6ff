import type { SimulatedFleet } from '@aether-v/hyperv-sim/fleet';
import type { VmFacts } from '@aether-v/types';
import { setTimeout } from 'node:timers/promises';
import type { Random } from './random.ts';

/** The beginning of the names of all VMs that a load creates. */
export const createdPrefix = 'LOAD-';

const workers = 4;

/** Random changes of a fleet through the service: creations, checkpoints, moves, deletions and cancellations. */
export class Load {
  /** The numbers of accepted and of refused requests, by kind of change. */
  readonly sent = new Map<string, { accepted: number; refused: number }>();
  readonly #fleet: SimulatedFleet;
  readonly #random: Random;
  #count = 0;

  constructor(fleet: SimulatedFleet, random: Random) {
    this.#fleet = fleet;
    this.#random = random;
  }

  /** Sends changes until the signal is aborted. */
  async run(base: string, signal: AbortSignal): Promise<void> {
    const work = async (): Promise<void> => {
      while (!signal.aborted) {
        await this.#one(base, signal);
        await setTimeout(this.#random.integer(50, 250));
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
  }

  async #one(base: string, signal: AbortSignal): Promise<void> {
    const dice = this.#random.next();
    const vm = this.#random.pick(this.#vms());
    const role = this.#random.pick(this.#vms().filter(({ clusterRole }) => clusterRole !== null));
    const created = this.#random.pick(this.#vms().filter(({ name }) => name.startsWith(createdPrefix)));
    const send = (kind: string, method: string, path: string, body?: object): Promise<string | null> =>
      this.#send(kind, base, method, path, body, signal);
    if (dice < 0.35 || vm === undefined) {
      const jobId = await send('create', 'POST', '/vms', this.#newVm());
      if (jobId === null || this.#random.next() > 0.3) return;
      await setTimeout(this.#random.integer(0, 1_500));
      await send('cancel', 'POST', `/jobs/${jobId}/cancel`, {});
    } else if (dice < 0.55) {
      await send('checkpoint', 'POST', `/vms/${vm.vmId}/checkpoints`, { name: this.#name('cp-') });
    } else if (dice < 0.65) {
      const several = [...new Set([vm, ...this.#vms().slice(0, 3)].map(({ vmId }) => vmId))];
      const vms = several.map((vmId) => ({ vmId }));
      const checkpointName = this.#name('bulk-');
      await send('bulk', 'POST', '/vms/bulk', { command: 'checkpoint.create', vms, checkpointName });
    } else if (dice < 0.8) {
      await send('move', 'POST', `/vms/${role?.vmId ?? vm.vmId}/move`, { targetHostId: null });
    } else if (created !== undefined) {
      const query = `name=${created.name}&force=true&deleteDisks=true`;
      await send('delete', 'DELETE', `/vms/${created.vmId}?${query}`);
    }
  }

  /** Half of the VMs are clustered; their disks are copies of an image, which takes a while. */
  #newVm(): object {
    const clustered = this.#random.next() < 0.5;
    return {
      name: this.#name(createdPrefix),
      host: this.#random.pick(this.#fleet.engine.hostIds),
      storageClass: clustered ? 'V1' : 'Local',
      clustered,
      memory: { dynamic: false, startup: 1024 ** 3 },
      disks: [
        { image: 'debian-12', sizeBytes: null },
        { sizeBytes: 1024 ** 3, type: 'Dynamic' },
      ],
      start: this.#random.next() < 0.5,
    };
  }

  #name(prefix: string): string {
    this.#count += 1;
    return `${prefix}${this.#count}`;
  }

  #vms(): VmFacts[] {
    return this.#fleet.engine.hostIds.flatMap((hostId) => this.#fleet.engine.vms(hostId));
  }

  /** @returns The id of the accepted job; null if the request was refused, or met the end of the service. */
  async #send(
    kind: string,
    base: string,
    method: string,
    path: string,
    body: object | undefined,
    signal: AbortSignal,
  ): Promise<string | null> {
    const counts = this.sent.get(kind) ?? { accepted: 0, refused: 0 };
    this.sent.set(kind, counts);
    try {
      const response = await fetch(new URL(`/api/v1${path}`, base), {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        headers: { 'content-type': 'application/json' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]),
      });
      const answer = (await response.json()) as { readonly job?: { readonly id: string } };
      if (response.ok) counts.accepted += 1;
      else counts.refused += 1;
      return answer.job?.id ?? null;
    } catch {
      return null;
    }
  }
}
