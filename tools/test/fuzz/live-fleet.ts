import type { Host, HostResources, Job, Vm, VmList, VmState } from '@aether-v/types';
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
  #newestJobs: readonly string[] = [];

  constructor(url: string) {
    this.#url = url;
    this.#streamId = this.#openStream();
  }

  close(): void {
    this.#stream.abort();
  }

  /** Notes a job that has just been accepted, so that calls find jobs in progress. */
  noteJob(id: string | undefined): void {
    if (id !== undefined) this.#newestJobs = [id, ...this.#newestJobs].slice(0, 10);
  }

  /** Reads the fleet again. */
  async read(random: Random): Promise<void> {
    const { items } = await this.#get<VmList>('/vms?limit=1000');
    const read = await Promise.all(items.map(({ id }) => this.#get<Vm>(`/vms/${id}`).catch(() => undefined)));
    this.#vms = read.filter((vm) => vm !== undefined);
    const hosts = (await this.#get<{ items: Host[] }>('/hosts')).items;
    const { items: jobs } = await this.#get<{ items: Job[] }>('/jobs?limit=50');
    const clusterIds = [...new Set(hosts.flatMap((host) => host.facts?.clusterId ?? []))];
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
      clusterId: clusterIds,
      cluster: clusterIds,
      jobId: jobs.map(({ id }) => id),
      parentId: jobs.map(({ id }) => id),
      streamId: [streamId],
      storageClass: resources?.storageClasses.map(({ name }) => name) ?? [],
      network: resources?.networks.map(({ name }) => name) ?? [],
      image: resources?.images.map(({ id }) => id) ?? [],
      iso: resources?.isos.map(({ id }) => id) ?? [],
    };
  }

  /** Returns the id of a VM that has values for these parameters, and this state, if there is one; else of any VM. */
  vmWith(names: readonly string[], state: VmState | undefined, random: Random): string | undefined {
    const fitting = this.#vms.filter((vm) => {
      if (state !== undefined && vm.state !== state) return false;
      const own = poolsOf(vm);
      return names.every((name) => own[name]?.length !== 0);
    });
    const vms = fitting.length === 0 ? this.#vms : fitting;
    return vms.length === 0 ? undefined : random.pick(vms).id;
  }

  /** Returns a value that exists for a parameter or field; undefined if none is known. */
  valueOf(name: string, vmId: string | undefined, random: Random): string | undefined {
    const vm = this.#vms.find(({ id }) => id === vmId);
    const own = name === 'jobId' ? this.#newestJobs : vm === undefined ? [] : (poolsOf(vm)[name] ?? []);
    const others = this.#pools[name] ?? [];
    if (own.length > 0 && (others.length === 0 || random.chance(0.7))) return random.pick(own);
    return others.length === 0 ? undefined : random.pick(others);
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

/** Returns what belongs to a VM. */
function poolsOf({ name, disks, dvdDrives, networkAdapters, checkpoints }: Vm): Pools {
  return {
    diskId: disks.map(({ id }) => id),
    driveId: dvdDrives.map(({ id }) => id),
    adapterId: networkAdapters.map(({ id }) => id),
    checkpointId: checkpoints.map(({ id }) => id),
    path: disks.map(({ path }) => path),
    name: [name],
  };
}

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // The stream was closed with the fuzz.
  }
}
