import { memoryProblem, type CreateVmRequest, type VmCreateRequest } from '@aether-v/types';
import { validationFailed } from '../problems/problem-error.ts';

const gibibyte = 1024 ** 3;

/** The settings of a new VM, with defaults for those that the request omits; without its placement. */
export type NewVm = Omit<VmCreateRequest, 'storageClass' | 'clustered'> &
  Pick<CreateVmRequest, 'storageClass' | 'clustered'>;

/** Returns the settings of a new VM. @throws ProblemError if its memory sizes contradict each other. */
export function newVm(request: CreateVmRequest): NewVm {
  const { host: _host, cluster: _cluster, ...settings } = request;
  const { memory = { dynamic: false, startup: 2 * gibibyte } } = settings;
  const problem = memoryProblem(memory);
  if (problem !== null) throw validationFailed([{ field: 'memory', message: `is invalid: ${problem}` }]);
  return {
    generation: 2,
    processors: 2,
    secureBoot: 'MicrosoftWindows',
    bootOrder: ['disk', 'dvd', 'network'],
    disks: [],
    networkAdapters: [],
    dvd: null,
    automaticStartAction: 'StartIfRunning',
    automaticStartDelaySeconds: 0,
    automaticStopAction: 'Save',
    checkpointType: 'Production',
    notes: '',
    start: false,
    ...settings,
    memory,
  };
}
