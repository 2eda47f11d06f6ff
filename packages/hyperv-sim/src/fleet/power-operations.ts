import {
  commands,
  vmActions,
  type OperationName,
  type OperationResult,
  type VmActionName,
} from '@aether-v/types';
import { endOf, followRecord, refuseSecond } from './follow-record.ts';
import type { JournalRecord } from './journal.ts';
import type { LineBody } from './json-line.ts';
import type { CheckableHandler, OperationContext } from './operation-context.ts';
import { errorInfoOf, OperationFailure } from './operation-failure.ts';
import { checkOnly } from './saga.ts';

type PowerResult = OperationResult<'vm.start'>;

/** Throws what Hyper-V would refuse at once. */
function requireAllowed(context: OperationContext, action: VmActionName, vmId: string): void {
  const { engine, hostId } = context;
  if (!engine.vm(hostId, vmId)) throw new OperationFailure('not-found', `This host has no VM ${vmId}.`);
  try {
    engine.requirePower(hostId, vmId, action);
  } catch (error) {
    const { code, message, remedy } = errorInfoOf(error);
    throw code === 'internal' ? error : new OperationFailure(code, message, remedy);
  }
}

function begin(
  context: OperationContext,
  record: JournalRecord,
  action: VmActionName,
  request: { readonly vmId: string; readonly force?: boolean },
): void {
  const { engine, hostId } = context;
  const { vmId, force = false } = request;
  try {
    requireAllowed(context, action, vmId);
    const job = engine.power(hostId, vmId, action, { force });
    record.follow(job, () => ({ vmId, state: engine.vm(hostId, vmId)?.state ?? vmActions[action].target }));
  } catch (error) {
    record.fail(errorInfoOf(error));
  }
}

/** The handler of one power action: at most once by id, replayed when it is over. */
function powerHandler(action: VmActionName): CheckableHandler<PowerOperation> {
  return {
    async *run(context, request): AsyncGenerator<LineBody, PowerResult, undefined> {
      const { engine, hostId, envelope, journal } = context;
      const { record, fresh } = journal.open(envelope, request.vmId);
      if (fresh) {
        const name = engine.vm(hostId, request.vmId)?.name ?? request.vmId;
        record.say(
          'info',
          `${commands[vmActions[action].op].label} "${name}" on ${engine.host(hostId).name}.`,
        );
        begin(context, record, action, request);
        yield* followRecord(context, record);
      } else refuseSecond(record);
      return endOf(record) as PowerResult;
    },
    check: (context, { vmId }) =>
      checkOnly(context, () => {
        requireAllowed(context, action, vmId);
        return Promise.resolve();
      }),
  };
}

type PowerOperation = Extract<OperationName, `vm.${VmActionName}`>;

/** The handlers of all power actions. */
export const powerOperations = {
  'vm.start': powerHandler('start'),
  'vm.shutdown': powerHandler('shutdown'),
  'vm.stop': powerHandler('stop'),
  'vm.restart': powerHandler('restart'),
  'vm.reset': powerHandler('reset'),
  'vm.save': powerHandler('save'),
  'vm.pause': powerHandler('pause'),
  'vm.resume': powerHandler('resume'),
} as const satisfies { readonly [N in PowerOperation]: CheckableHandler<N> };
