import { commandRow, type CommandName, type Plan, type Vm, type VmCheckpoint } from '@aether-v/types';
import { guid } from './rows.ts';

/** A request that changes a VM. */
export interface ChangeRequest {
  readonly method: string;
  /** The path below the VM: `['checkpoints', ID, 'apply']`. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
}

/** The command of a request, and its effect on the VM; null if the VM is deleted. */
export interface FakeChange {
  readonly command: CommandName;
  readonly effect: (vm: Vm) => Partial<Vm> | null;
}

let made = 0;

function newCheckpoint(vm: Vm, name: unknown): VmCheckpoint {
  made += 1;
  return {
    id: guid(0xc0, made),
    parentId: vm.checkpoints.find(({ current }) => current)?.id ?? null,
    name: typeof name === 'string' ? name : `${vm.name} - (${made})`,
    type: 'Production',
    automatic: false,
    createdAt: new Date().toISOString(),
    current: true,
  };
}

function without(checkpoints: readonly VmCheckpoint[], id: string, subtree: boolean): VmCheckpoint[] {
  const gone = new Set([id]);
  if (subtree)
    for (const { id: own, parentId } of checkpoints)
      if (parentId !== null && gone.has(parentId)) gone.add(own);
  const parent = checkpoints.find((one) => one.id === id)?.parentId ?? null;
  const left = checkpoints
    .filter((one) => !gone.has(one.id))
    .map((one) => (one.parentId !== null && gone.has(one.parentId) ? { ...one, parentId: parent } : one));
  const isLost = checkpoints.some((one) => one.current && gone.has(one.id));
  return left.map((one) => (isLost && one.id === parent ? { ...one, current: true } : one));
}

function checkpointChange({ method, parts, query, body }: ChangeRequest): FakeChange | null {
  const [, id = '', verb] = parts;
  if (method === 'POST' && id === '')
    return {
      command: 'checkpoint.create',
      effect: (vm) => ({
        checkpoints: [
          ...vm.checkpoints.map((one) => ({ ...one, current: false })),
          newCheckpoint(vm, body['name']),
        ],
      }),
    };
  if (verb === 'apply')
    return {
      command: 'checkpoint.apply',
      effect: (vm) => ({
        state: body['force'] ? 'Off' : vm.state,
        checkpoints: vm.checkpoints.map((one) => ({ ...one, current: one.id === id })),
      }),
    };
  if (method === 'PATCH')
    return {
      command: 'checkpoint.rename',
      effect: (vm) => ({
        checkpoints: vm.checkpoints.map((one) =>
          one.id === id ? { ...one, name: String(body['name']) } : one,
        ),
      }),
    };
  if (method !== 'DELETE') return null;
  return {
    command: 'checkpoint.delete',
    effect: (vm) => ({ checkpoints: without(vm.checkpoints, id, query.get('subtree') === 'true') }),
  };
}

/** Returns the change that a request asks for; null if there is no such route. */
export function changeOf(request: ChangeRequest): FakeChange | null {
  if (request.parts[0] === 'checkpoints') return checkpointChange(request);
  return null;
}

/** The plan of a change, with what a test lets stand in its way. */
export function planOf(vm: Vm, command: CommandName, more: Partial<Plan> = {}): Plan {
  const refusals = more.refusals ?? [];
  return {
    ok: refusals.length === 0,
    command,
    title: `${commandRow(command).title} ${vm.name}`,
    subject: { kind: 'vm', id: vm.id, name: vm.name },
    hostId: vm.hostId,
    checkedAt: new Date().toISOString(),
    refusals,
    deletes: [],
    remaining: [],
    placement: null,
    ...more,
  };
}
