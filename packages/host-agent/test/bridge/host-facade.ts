import { EngineError, type EngineJob, type HyperVEngine } from '@aether-v/hyperv-sim/engine';
import type { VmActionName, VmFacts } from '@aether-v/types';
import type { StubCall } from './bridge.ts';
import { ChangeClock } from './change-times.ts';
import { ClusterRoles } from './cluster-roles.ts';
import type { HostLanguage } from './cultures.ts';
import { diskFiles, readDisk } from './disk-reading.ts';
import { fileCmdlets } from './file-cmdlets.ts';
import { clusterRows, hostRows } from './host-rows.ts';
import { imageMethod } from './image-methods.ts';
import { JobTable, jobClasses, type JobClass } from './jobs.ts';
import { componentStates, enabledState, healthStates, operationalStatus } from './numbers.ts';
import { snapshotMethod } from './snapshot-methods.ts';
import { StubError } from './stub-error.ts';
import { vmCmdlets } from './vm-cmdlets.ts';
import { checkpointDiskRows, resourceRows, vlanRows } from './vm-resources.ts';
import {
  componentRows,
  guestNetworkRows,
  identityRows,
  securityRows,
  settingRows,
  systemRow,
  uptime,
} from './vm-rows.ts';
import { compileCondition, parseQuery, type CimObject, type CimValue } from './wql.ts';

const mebibyte = 1024 ** 2;
const invalidState = 32_775;
const jobStarted = 4096;

/** Msvm_ComputerSystem.RequestStateChange: the action behind each RequestedState. */
const requestedActions: Readonly<Record<number, VmActionName>> = {
  2: 'start',
  3: 'stop',
  6: 'save',
  9: 'pause',
  11: 'reset',
};

type Parameters = Readonly<Record<string, unknown>>;

/** Win32_Service.State of vmms. */
export type ManagementServiceState = 'Running' | 'Stopped' | 'Start Pending';

/** Changes what is sent of a class, as a test needs it. */
export type RowDistortion = (className: string, rows: readonly CimObject[]) => readonly CimObject[];

/** The first part of a Hyper-V cmdlet's error id, by what the engine says. */
const errorIds: Readonly<Partial<Record<EngineError['code'], string>>> = {
  'wrong-state': 'InvalidState',
  'not-found': 'ObjectNotFound',
  'in-use': 'ObjectInUse',
  'not-supported': 'InvalidParameter',
  conflict: 'ObjectExists',
};

function text(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (typeof value !== 'string') throw new StubError(`-${name} is missing.`);
  return value;
}

/** One host as its WMI providers and cmdlets show it: the engine's facts in Hyper-V's own terms. */
export class HostFacade {
  readonly #engine: HyperVEngine;
  readonly #hostId: string;
  readonly #language: HostLanguage;
  readonly #changes: ChangeClock;
  readonly #jobs: JobTable;
  readonly #roles: ClusterRoles;
  readonly #vmCmdlets: ReturnType<typeof vmCmdlets>;
  readonly #fileCmdlets: ReturnType<typeof fileCmdlets>;
  clusterService: 'running' | 'stopped' = 'running';
  distort: RowDistortion | undefined;
  #managementService: ManagementServiceState = 'Running';
  /** Every VM that there was: vmms still merges disks of those that are gone. */
  readonly #known = new Set<string>();

  constructor(engine: HyperVEngine, hostId: string, language: HostLanguage) {
    this.#engine = engine;
    this.#hostId = hostId;
    this.#language = language;
    this.#changes = new ChangeClock(engine, hostId);
    this.#jobs = new JobTable(engine.clock);
    this.#roles = new ClusterRoles(engine, hostId);
    this.#vmCmdlets = vmCmdlets(engine, hostId);
    this.#fileCmdlets = fileCmdlets(engine, hostId);
    for (const { vmId } of engine.vms(hostId)) this.#known.add(vmId);
    engine.subscribe(({ vmId }) => this.#known.add(vmId));
  }

  /** A service that stops forgets its jobs; what they did goes on in the engine. */
  set managementService(state: ManagementServiceState) {
    this.#managementService = state;
    if (state === 'Stopped') this.#jobs.forget();
  }

  /** What the cmdlet behind a stub puts out. */
  call({ name, parameters }: StubCall): readonly CimValue[] {
    try {
      return this.#dispatch(name, parameters);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      throw new StubError(error.message, { id: errorIds[error.code] ?? 'OperationFailed' });
    }
  }

  #dispatch(name: string, parameters: Parameters): readonly CimValue[] {
    if (this.#managementService !== 'Running' && /^[A-Z][a-z]+-VM/.test(name)) {
      throw new StubError('Hyper-V encountered an error trying to access an object on this computer.', {
        id: 'ObjectNotFound',
      });
    }
    const step = this.#vmCmdlets[name] ?? this.#fileCmdlets[name];
    if (step) return step(parameters);
    switch (name) {
      case 'Get-CimInstance':
        return this.#instances(parameters);
      case 'Invoke-CimMethod':
        return this.#method(parameters);
      case 'Get-VMHost':
        return [
          {
            VirtualMachinePath: this.#host.defaultVmPath,
            VirtualHardDiskPath: this.#host.defaultDiskPath,
          },
        ];
      case 'Get-VMSwitch':
        return this.#host.switches.map(({ id, name: Name, type }) => ({ Id: id, Name, SwitchType: type }));
      case 'Get-VHD':
        return this.#sent(
          'Get-VHD',
          diskFiles(this.#engine, this.#hostId, parameters['Path'] as readonly string[]),
        );
      case 'Get-ItemProperty':
        // HKLM:\Cluster\Resources\*\Parameters, VmID: the cluster database is there while the cluster service is stopped.
        return (clusterRows(this.#engine, this.#hostId, 'MSCluster_Resource') ?? []).map(
          ({ PrivateProperties }) => PrivateProperties ?? null,
        );
      case 'Get-ItemPropertyValue':
        return [`{${this.#engine.cluster(this.#hostId)?.clusterId ?? ''}}`];
      default:
        throw new StubError(`The bridge has no ${name}.`);
    }
  }

  get #host(): ReturnType<HyperVEngine['host']> {
    return this.#engine.host(this.#hostId);
  }

  get #vms(): readonly VmFacts[] {
    return this.#engine.vms(this.#hostId);
  }

  #instances(parameters: Parameters): readonly CimObject[] {
    const className = text(parameters, 'ClassName');
    const rows = this.#sent(className, this.#classRows(text(parameters, 'Namespace'), className));
    const filter = parameters['Filter'];
    return typeof filter === 'string' ? rows.filter(compileCondition(filter)) : rows;
  }

  #sent(className: string, rows: readonly CimObject[]): readonly CimObject[] {
    return this.distort?.(className, rows) ?? rows;
  }

  #classRows(namespace: string, className: string): readonly CimObject[] {
    if (namespace === 'root\\MSCluster' && this.clusterService === 'stopped')
      throw new StubError('The cluster service is not running.', { nativeErrorCode: 1 });
    if (className === 'Win32_Service')
      return [
        {
          Name: 'ClusSvc',
          Started: this.clusterService === 'running',
          State: this.clusterService === 'running' ? 'Running' : 'Stopped',
        },
        {
          Name: 'vmms',
          Started: this.#managementService === 'Running',
          State: this.#managementService,
        },
      ];
    const rows =
      namespace === 'root\\cimv2'
        ? hostRows(this.#engine, this.#hostId, className)
        : namespace === 'root\\MSCluster'
          ? clusterRows(this.#engine, this.#hostId, className)
          : this.#virtualizationRows(className);
    if (rows === null) throw new StubError('Invalid namespace', { nativeErrorCode: 3 });
    if (rows === undefined) throw new StubError(`Invalid class ${className}`, { nativeErrorCode: 5 });
    return rows;
  }

  #virtualizationRows(className: string): readonly CimObject[] | undefined {
    // The provider lives in vmms: without it queries come back empty instead of failing.
    if (this.#managementService !== 'Running') return [];
    const now = this.#engine.clock.now();
    const vms = this.#vms;
    switch (className) {
      case 'Msvm_VirtualSystemManagementService':
        return [{ Name: 'vmms' }];
      case 'Msvm_ComputerSystem':
        return [
          { ...this.#hostSystem() },
          ...vms.map((vm) => systemRow(vm, this.#changes.of(vm), now, this.#language)),
        ];
      case 'Msvm_VirtualSystemSettingData':
        return vms.flatMap((vm) => settingRows(this.#host.name, vm));
      case 'CIM_ResourceAllocationSettingData': {
        const switchIds = new Map(this.#host.switches.map(({ id, name }) => [name, id]));
        const { checkpoints, drives } = this.#engine.steps(this.#hostId);
        return vms.flatMap((vm) => [
          ...resourceRows(this.#host.name, vm, switchIds, this.#language, drives.scsiControllers(vm.vmId)),
          ...checkpointDiskRows(checkpoints.diskPaths(vm.vmId)),
        ]);
      }
      case 'Msvm_EthernetSwitchPortVlanSettingData':
        return vms.flatMap(vlanRows);
      case 'Msvm_GuestNetworkAdapterConfiguration':
        return vms.flatMap(guestNetworkRows);
      case 'Msvm_LogicalIdentity':
        return vms.flatMap(identityRows);
      case 'Msvm_SecuritySettingData':
        return vms.flatMap(securityRows);
      case 'Msvm_ImageManagementService':
        return [{ Name: 'vhdsvc' }];
      case 'Msvm_VirtualSystemSnapshotService':
        return [{ Name: 'vssnapsvc' }];
      case 'Msvm_StorageJob':
        return [...this.#jobRows([className]), ...this.#merges()];
      case 'Msvm_ConcreteJob':
      case 'Msvm_MigrationJob':
        return this.#jobRows([className]);
      case 'CIM_ConcreteJob':
        return [...this.#jobRows(jobClasses), ...this.#merges()];
      default:
        return className.endsWith('Component')
          ? vms.flatMap((vm) => componentRows(vm, className))
          : undefined;
    }
  }

  #jobRows(classNames: readonly JobClass[]): CimObject[] {
    return this.#jobs.rows(classNames, (error) =>
      error.code === 'cancelled' ? error.message : this.#language.outOfMemory,
    );
  }

  #merges(): CimObject[] {
    return [...this.#known]
      .flatMap((vmId) => this.#engine.steps(this.#hostId).background(vmId))
      .map(({ percent }) => ({ InstanceID: 'MERGE', JobState: 4, PercentComplete: percent ?? 0 }));
  }

  /** Msvm_ComputerSystem has an instance for the host itself, told apart by nothing but its name. */
  #hostSystem(): CimObject {
    return {
      Caption: this.#language.hostSystem,
      Name: this.#host.name,
      ElementName: this.#host.name,
      EnabledState: 2,
      OtherEnabledState: null,
      HealthState: 5,
      OperationalStatus: [2],
      OnTimeInMilliseconds: null,
      ReplicationMode: null,
      TimeOfLastConfigurationChange: null,
      TimeOfLastStateChange: null,
    };
  }

  #method(parameters: Parameters): readonly CimValue[] {
    const { className, condition } = parseQuery(text(parameters, 'Query'));
    const rows = this.#classRows(text(parameters, 'Namespace'), className);
    const [target] = condition === '' ? rows : rows.filter(compileCondition(condition));
    if (!target) return [];
    const given = parameters['Arguments'] as Parameters;
    switch (`${className}.${text(parameters, 'MethodName')}`) {
      case 'Msvm_VirtualSystemManagementService.GetSummaryInformation':
        return [
          { ReturnValue: 0, SummaryInformation: this.#sent('Msvm_SummaryInformation', this.#summaries()) },
        ];
      case 'Msvm_ComputerSystem.RequestStateChange':
        return [this.#requestState(target, given['RequestedState'] as number)];
      case 'Msvm_ShutdownComponent.InitiateShutdown':
        return [this.#askGuest(target, 'shutdown', given['Force'] === true)];
      case 'Msvm_ShutdownComponent.InitiateReboot':
        return [this.#askGuest(target, 'restart', given['Force'] === true)];
      case 'CIM_ConcreteJob.RequestStateChange':
        return [{ ReturnValue: this.#jobs.cancel(target['InstanceID'] as string) }];
      case 'MSCluster_Cluster.AddVirtualMachine':
        this.#roles.add(given['VirtualMachine'] as string);
        return [{ ReturnValue: 0 }];
      case 'MSCluster_ResourceGroup.DestroyGroup':
        this.#roles.remove(target['Name'] as string);
        return [{ ReturnValue: 0 }];
      case 'MSCluster_ResourceGroup.MoveToNewNodeParams':
        this.#move(target['Name'] as string, given['NodeName']);
        return [{ ReturnValue: 0 }];
      default: {
        const method = text(parameters, 'MethodName');
        if (className === 'Msvm_VirtualSystemSnapshotService') {
          const { checkpoints } = this.#engine.steps(this.#hostId);
          return [this.#begin(() => snapshotMethod(checkpoints, this.#vms, method, given))];
        }
        if (className === 'Msvm_ImageManagementService') {
          const read = readDisk(
            this.#engine,
            this.#hostId,
            method,
            String(given['Path']),
            (row) => this.#sent('Get-VHD', [row])[0] ?? row,
          );
          if (read) return [read];
          return [
            this.#begin(() => imageMethod(this.#engine, this.#hostId, method, given), 'Msvm_StorageJob'),
          ];
        }
        throw new StubError('Invalid method', { nativeErrorCode: 17 });
      }
    }
  }

  #move(role: string, node: unknown): void {
    const { job, vmId } = this.#roles.move(role, node);
    this.#jobs.add(job, 'Msvm_MigrationJob', vmId);
  }

  #summaries(): CimObject[] {
    const now = this.#engine.clock.now();
    const usage = new Map(this.#engine.usage(this.#hostId).vms.map((sample) => [sample.vmId, sample]));
    return this.#vms.map((vm) => {
      const sample = usage.get(vm.vmId);
      const assigned = Math.round((sample?.memoryAssigned ?? 0) / mebibyte);
      const demand = sample?.memoryDemand ?? null;
      return {
        Name: vm.vmId.toUpperCase(),
        ElementName: vm.name,
        ...enabledState(vm),
        HealthState: healthStates[vm.health],
        OperationalStatus: operationalStatus(vm),
        UpTime: uptime(vm, now),
        ProcessorLoad: Math.round(sample?.cpuPercent ?? 0),
        MemoryUsage: assigned,
        MemoryAvailable:
          demand === null ? 2 ** 31 - 1 : Math.round(100 - (100 * demand) / (assigned * mebibyte || 1)),
        Heartbeat:
          vm.heartbeat === 'Disabled' || vm.heartbeat === 'Unknown' ? null : componentStates[vm.heartbeat],
        GuestOperatingSystem: vm.guest?.osName ?? null,
        AsynchronousTasks:
          vm.activity && vm.activity.percent !== null
            ? [{ JobState: 4, PercentComplete: vm.activity.percent }]
            : null,
      };
    });
  }

  #requestState(target: CimObject, requested: number): CimObject {
    const action = requestedActions[requested];
    if (!action) return { ReturnValue: 32_773, Job: null };
    const vmId = (target['Name'] as string).toLowerCase();
    const resumes = action === 'start' && this.#engine.vm(this.#hostId, vmId)?.state === 'Paused';
    return this.#begin(() => this.#engine.power(this.#hostId, vmId, resumes ? 'resume' : action));
  }

  #askGuest(target: CimObject, action: 'shutdown' | 'restart', force: boolean): CimObject {
    const vmId = (target['SystemName'] as string).toLowerCase();
    const { ReturnValue = null } = this.#begin(() =>
      this.#engine.power(this.#hostId, vmId, action, { force }),
    );
    return { ReturnValue: ReturnValue === jobStarted ? 0 : ReturnValue };
  }

  #begin(begin: () => EngineJob, className: JobClass = 'Msvm_ConcreteJob'): CimObject {
    try {
      return { ReturnValue: jobStarted, Job: { InstanceID: this.#jobs.add(begin(), className) } };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (error.code === 'wrong-state') return { ReturnValue: invalidState, Job: null };
      return { ReturnValue: jobStarted, Job: { InstanceID: this.#jobs.addFailed(error, className) } };
    }
  }

  /** The disk that a call would wait for without end; null where it is answered. */
  hangOf({ name, parameters }: StubCall): string | null {
    const { files } = this.#engine.steps(this.#hostId);
    const given = parameters['Arguments'] as Parameters | undefined;
    const paths =
      name === 'Get-VHD'
        ? (parameters['Path'] as readonly string[])
        : /^GetVirtualHardDisk/.test(String(parameters['MethodName']))
          ? [String(given?.['Path'])]
          : [];
    return paths.find((path) => files.unreadableReason(path) === 'hangs') ?? null;
  }
}
