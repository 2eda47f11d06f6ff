import type { Host, HostResources, Job, Vm, VmList } from '@aether-v/types';
import { requestJson } from '../../src/service.ts';
import type { Random } from './random.ts';

const unknownGuid = '8f14e45f-ceea-467f-a9c5-0f1b2c3d4e5f';

/** Ids and names that exist, by the names of the parameters and fields that take them. */
type Pools = Readonly<Record<string, readonly string[]>>;

/** What exists in the fleet, so that calls reach further than "not found". */
export class LiveFleet {
  readonly #url: string;
  readonly #streamId: Promise<string>;
  readonly #stream = new AbortController();
  #vms: readonly Vm[] = [];
  #pools: Pools = {};

  constructor(url: string) {
    this.#url = url;
    this.#streamId = this.#openStream();
  }

  close(): void {
    this.#stream.abort();
  }

  /** Reads the fleet again. */
  async read(random: Random): Promise<void> {
    const { items } = await this.#get<VmList>('/vms?limit=1000');
    const some = Array.from({ length: 12 }, () => random.pick(items).id);
    const read = await Promise.all(some.map((id) => this.#get<Vm>(`/vms/${id}`).catch(() => undefined)));
    this.#vms = read.filter((vm) => vm !== undefined);
    const hosts = (await this.#get<{ items: Host[] }>('/hosts')).items;
    const { items: jobs } = await this.#get<{ items: Job[] }>('/jobs?limit=50');
    const hostId = random.pick(hosts).id;
    const resources = await this.#get<HostResources>(`/hosts/${hostId}/resources`).catch(() => undefined);
    const streamId = await this.#streamId;
    this.#pools = {
      vmId: this.#vms.map(({ id }) => id),
      vmIds: this.#vms.map(({ id }) => id),
      vmName: this.#vms.map(({ name }) => name),
      name: [...this.#vms.map(({ name }) => name), `FUZZ-${Math.floor(random.next() * 1e6)}`],
      hostId: hosts.map(({ id }) => id),
      hostIds: hosts.map(({ id }) => id),
      targetHostId: hosts.map(({ id }) => id),
      host: hosts.map(({ id }) => id),
      clusterId: [...new Set(hosts.flatMap((host) => host.facts?.clusterId ?? []))],
      jobId: jobs.map(({ id }) => id),
      parentId: jobs.map(({ id }) => id),
      streamId: [streamId],
      storageClass: resources?.storageClasses.map(({ name }) => name) ?? [],
      network: resources?.networks.map(({ name }) => name) ?? [],
      image: resources?.images.map(({ id }) => id) ?? [],
      iso: resources?.isos.map(({ id }) => id) ?? [],
    };
  }

  /** Returns a value that exists for a parameter or field; undefined if none is known. */
  valueOf(name: string, vmId: string | undefined, random: Random): string | undefined {
    const vm = this.#vms.find(({ id }) => id === vmId);
    const ofVm: Pools = {
      diskId: vm?.disks.map(({ id }) => id) ?? [],
      driveId: vm?.dvdDrives.map(({ id }) => id) ?? [],
      adapterId: vm?.networkAdapters.map(({ id }) => id) ?? [],
      checkpointId: vm?.checkpoints.map(({ id }) => id) ?? [],
      path: vm?.disks.map(({ path }) => path) ?? [],
      name: vm === undefined ? [] : [vm.name],
    };
    const pool = [...(ofVm[name] ?? []), ...(this.#pools[name] ?? [])];
    return pool.length === 0 ? undefined : random.pick(pool);
  }

  /** Returns an id that has the right format but does not exist. */
  unknownId(name: string): string {
    return name === 'diskId' ? 'scsi-3-63' : name === 'hostId' ? 'hv-unknown' : unknownGuid;
  }

  #get<T>(path: string): Promise<T> {
    return requestJson<T>(this.#url, 'GET', `/api/v1${path}`, undefined);
  }

  async #openStream(): Promise<string> {
    const response = await fetch(new URL('/api/v1/events', this.#url), { signal: this.#stream.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (reader !== undefined) {
      const { value, done } = await reader.read();
      text += value ?? '';
      const [, id] = /"streamId":"([^"]+)"/.exec(text) ?? [];
      if (id !== undefined) {
        void drain(reader);
        return id;
      }
      if (done) break;
    }
    throw new Error(`The event stream ended: ${text.slice(0, 500)}`);
  }
}

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // The stream was closed with the fuzz.
  }
}
