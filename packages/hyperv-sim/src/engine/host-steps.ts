import type { HostConfiguration } from '@aether-v/types';
import { AdapterSteps } from './adapter-steps.ts';
import { CheckpointSteps } from './checkpoint-steps.ts';
import { ClusterSteps } from './cluster-steps.ts';
import { DriveSteps } from './drive-steps.ts';
import type { EngineJob } from './engine-job.ts';
import { FileSteps } from './file-steps.ts';
import type { HostWorld } from './host-world.ts';
import { VmSteps } from './vm-steps.ts';

/** The steps of one host, one for each cmdlet of Hyper-V. A refused step changes nothing, and long work is a job. */
export class HostSteps {
  readonly vms: VmSteps;
  readonly drives: DriveSteps;
  readonly adapters: AdapterSteps;
  readonly files: FileSteps;
  readonly checkpoints: CheckpointSteps;
  readonly cluster: ClusterSteps;
  /** The configuration for agents, written by the host's administrator. */
  readonly configuration: HostConfiguration;
  readonly #world: HostWorld;

  constructor(
    world: HostWorld,
    configuration: HostConfiguration,
    move: (vmId: string, targetHostId: string) => EngineJob,
  ) {
    this.#world = world;
    this.configuration = configuration;
    this.vms = new VmSteps(world);
    this.drives = new DriveSteps(world);
    this.adapters = new AdapterSteps(world);
    this.files = new FileSteps(world);
    this.checkpoints = new CheckpointSteps(world);
    this.cluster = new ClusterSteps(world, move);
  }

  /** Background jobs of a VM: merges, also of deleted VMs. */
  background(vmId: string): EngineJob[] {
    return [...this.#world.background].filter((job) => job.vmId === vmId);
  }
}
