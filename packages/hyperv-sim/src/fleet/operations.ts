import {
  contractVersion,
  operations,
  type OperationName,
  type OperationRequest,
  type OperationResult,
} from '@aether-v/types';
import { simulatedAgentVersion } from '../engine/index.ts';
import { adapterOperations } from './adapter-operations.ts';
import { checkpointOperations } from './checkpoint-operations.ts';
import { clusterOperations } from './cluster-operations.ts';
import { diskOperations } from './disk-operations.ts';
import { inventory } from './inventory-operation.ts';
import type { LineBody } from './json-line.ts';
import type { CheckableHandler, OperationContext, OperationHandler } from './operation-context.ts';
import { OperationFailure } from './operation-failure.ts';
import { checkRequest } from './operation-request.ts';
import { powerOperations } from './power-operations.ts';
import { readResources } from './resources.ts';
import { sagaHandler } from './saga.ts';
import { vmOperations } from './vm-operations.ts';
import { watch } from './watch-operation.ts';

/* eslint-disable require-yield -- some of them stream nothing, and have the shape of those that do */

type Handled<N extends OperationName> = Generator<LineBody, OperationResult<N>>;

function* agentInfo({ engine, hostId }: OperationContext): Handled<'agent.info'> {
  return {
    hostId,
    name: engine.host(hostId).name,
    agentVersion: simulatedAgentVersion,
    contract: contractVersion,
    powershellVersion: '5.1.26100.2161',
    powershellEdition: 'Desktop',
    languageMode: 'FullLanguage',
    executionPolicy: 'RemoteSigned',
    hyperV: true,
    clusterName: engine.cluster(hostId)?.name ?? null,
    capabilities: ['cancel', 'watch'],
  };
}

function* hostResources({ engine, hostId }: OperationContext): Handled<'host.resources'> {
  return readResources(engine, hostId);
}

const hostTest = sagaHandler<'host.test'>((saga) => {
  saga.step('Write the journal of the host.', () => undefined);
  const { name } = saga.engine.host(saga.hostId);
  return Promise.resolve({ hostName: name, agentVersion: simulatedAgentVersion });
});

async function* operationCheck(
  context: OperationContext,
  { op, request }: OperationRequest<'operation.check'>,
): AsyncGenerator<LineBody, OperationResult<'operation.check'>, undefined> {
  const name = checkRequest(op, request);
  const handler = operationHandlers[name];
  if (typeof handler === 'function') {
    throw new OperationFailure('not-supported', `"${op}" changes nothing, so it cannot be checked.`);
  }
  // The table pairs each handler with the type of the schema that was just checked.
  return (handler as CheckableHandler<OperationName>).check(
    context,
    request as OperationRequest<OperationName>,
  );
}

function* operationStatus(
  { journal }: OperationContext,
  { operationId }: OperationRequest<'operation.status'>,
): Handled<'operation.status'> {
  return journal.find(operationId)?.entry ?? null;
}

function* operationList(
  { journal }: OperationContext,
  { since }: OperationRequest<'operation.list'>,
): Handled<'operation.list'> {
  const entries = journal.list(since);
  for (const item of entries) yield { type: 'item', item };
  return { count: entries.length };
}

function cancelsRunning(op: string): boolean {
  const cancellable: Readonly<Record<string, { readonly cancelsRunning: boolean }>> = operations;
  return cancellable[op]?.cancelsRunning ?? false;
}

function* operationCancel(
  { journal, envelope, cancelUnjournalled }: OperationContext,
  { operationId }: OperationRequest<'operation.cancel'>,
): Handled<'operation.cancel'> {
  const record = journal.find(operationId);
  if (record) {
    const accepted = cancelsRunning(record.entry.op) && record.requestCancel();
    return { accepted, begun: !record.barred };
  }
  const begun = cancelUnjournalled(operationId);
  if (!begun) journal.bar(operationId, envelope.actor);
  return { accepted: true, begun };
}

/** The handler of every operation of the contract. */
export const operationHandlers = {
  'agent.info': agentInfo,
  inventory,
  watch,
  ...powerOperations,
  'host.test': hostTest,
  'host.resources': hostResources,
  ...vmOperations,
  ...diskOperations,
  ...adapterOperations,
  ...checkpointOperations,
  ...clusterOperations,
  'operation.check': operationCheck,
  'operation.status': operationStatus,
  'operation.list': operationList,
  'operation.cancel': operationCancel,
} as const satisfies { readonly [N in OperationName]: OperationHandler<N> | CheckableHandler<N> };
