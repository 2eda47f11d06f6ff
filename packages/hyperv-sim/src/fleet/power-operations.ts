import {
  heartbeatSeconds,
  vmActions,
  type OperationName,
  type OperationResult,
  type VmActionName,
} from '@aether-v/types';
import { timestamp } from '../engine/index.ts';
import type { JournalRecord } from './journal.ts';
import type { LineBody } from './json-line.ts';
import { timeLeft, type OperationContext, type OperationHandler } from './operation-context.ts';
import { errorInfoOf, OperationFailure } from './operation-failure.ts';
import { Pulse } from './pulse.ts';

type PowerResult = OperationResult<'vm.start'>;

/** Reports how a journalled operation goes, until it ends, its time is over or nobody listens. */
async function* follow(
  context: OperationContext,
  record: JournalRecord,
): AsyncGenerator<LineBody, void, undefined> {
  const { clock } = context.engine;
  using pulse = new Pulse();
  pulse.tie(record.onChange(pulse.wake));
  pulse.onAbort(context.gone);
  const heartbeat = pulse.alarm(clock);
  const timeout = pulse.alarm(clock);
  timeout.set(timeLeft(context));
  let said = '';
  while (record.entry.state === 'running') {
    const { percent, message } = record.entry;
    const news = `${percent} ${message}`;
    if (news !== said) yield { type: 'progress', percent, message: message ?? '' };
    else if (heartbeat.rang) yield { type: 'heartbeat', at: timestamp(clock.now()) };
    said = news;
    if (timeout.rang) {
      throw new OperationFailure(
        'outcome-unknown',
        'The time was over while the host was still at it; it goes on.',
        'Ask operation.status what became of it.',
      );
    }
    if (context.gone.aborted) return;
    heartbeat.set(heartbeatSeconds * 1_000);
    await pulse.next();
  }
}

function endOf(record: JournalRecord, vmId: string): PowerResult {
  const { state, error, result } = record.entry;
  if (error) throw new OperationFailure(error.code, error.message, error.remedy);
  if (state === 'succeeded') return result as PowerResult;
  throw new OperationFailure('outcome-unknown', `What became of the operation on ${vmId} is not known here.`);
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
    const job = engine.power(hostId, vmId, action, { force });
    record.follow(job, () => ({ vmId, state: engine.vm(hostId, vmId)?.state ?? vmActions[action].target }));
  } catch (error) {
    record.fail(errorInfoOf(error));
  }
}

/** The handler of one power action: at most once by id, replayed when it is over. */
function powerHandler(action: VmActionName) {
  return async function* (
    context: OperationContext,
    request: { readonly vmId: string; readonly force?: boolean },
  ): AsyncGenerator<LineBody, PowerResult, undefined> {
    const { engine, hostId, envelope, journal } = context;
    const { record, fresh } = journal.open(envelope, request.vmId);
    if (fresh) {
      begin(context, record, action, request);
      const name = engine.vm(hostId, request.vmId)?.name ?? request.vmId;
      const message = `${vmActions[action].title} "${name}" on ${engine.host(hostId).name}.`;
      yield { type: 'log', at: record.entry.startedAt, level: 'info', message };
      yield* follow(context, record);
    } else if (record.entry.state === 'running') {
      const { operationId, percent } = record.entry;
      throw new OperationFailure(
        'already-running',
        `${operationId} is running here${percent === null ? '' : `, ${percent} percent done`}.`,
        'Ask operation.status how it goes.',
      );
    }
    return endOf(record, request.vmId);
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
} as const satisfies { readonly [N in PowerOperation]: OperationHandler<N> };
