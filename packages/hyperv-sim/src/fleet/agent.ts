import {
  contractVersion,
  Envelope,
  OperationId,
  operations,
  type ErrorInfo,
  type JournalEntry,
  type OperationName,
  type OperationRequest,
} from '@aether-v/types';
import { Compile } from 'typebox/compile';
import type { HyperVEngine } from '../engine/index.ts';
import { Journal } from './journal.ts';
import { toAgentLine, type LineBody } from './json-line.ts';
import type { OperationContext, OperationHandler } from './operation-context.ts';
import { errorInfoOf, OperationFailure } from './operation-failure.ts';
import { checkRequest } from './operation-request.ts';
import { operationHandlers } from './operations.ts';

/** Options of a simulated host agent. */
export interface HostAgentOptions {
  readonly engine: HyperVEngine;
  readonly hostId: string;
  /** Returns an error to make an operation fail before it begins; null lets it run. */
  readonly fault?: (op: string) => ErrorInfo | null;
}

/** The agent of one host: the host contract over the engine. */
export interface HostAgent {
  readonly hostId: string;
  /**
   * Runs one operation. Yields lines without line ends; the last one is `result` or `error`, and it never throws. Aborting `signal`
   * stops the lines soon; the work on the host continues.
   */
  run(envelope: string, signal: AbortSignal): AsyncIterable<string>;
  /** Returns the entries of its journal, oldest first, without those of operations that were barred. */
  journal(): JournalEntry[];
}

/** The operation id in answers to envelopes whose id cannot be read. */
const unknownOperation = '00000000-0000-7000-8000-000000000000';

const idCheck = Compile(OperationId);
const envelopeCheck = Compile(Envelope);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new OperationFailure('bad-request', 'The request is not valid JSON.');
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (Object.entries(value).find(([key]) => key === name)?.[1] as unknown)
    : undefined;
}

/** Tests whether every string in a value can be stored unchanged: no NUL, no lone surrogate. */
function isWhole(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, held]) => isWhole(key) && isWhole(held));
}

function readEnvelope(value: unknown): Envelope {
  if (!isWhole(value)) {
    throw new OperationFailure(
      'bad-request',
      'A string in the request contains a NUL or a lone surrogate, which cannot be stored.',
    );
  }
  if (envelopeCheck.Check(value)) return value;
  const contract = field(value, 'contract');
  if (typeof contract === 'number' && contract !== contractVersion) {
    throw new OperationFailure(
      'not-supported',
      `This agent supports version ${contractVersion} of the host contract, not version ${contract}.`,
    );
  }
  const [first] = envelopeCheck.Errors(value);
  throw new OperationFailure(
    'bad-request',
    `The envelope is invalid: ${first?.instancePath ?? ''} ${first?.message ?? ''}`,
  );
}

/** Checks the request against its operation's schema and begins the operation. */
function begin(context: OperationContext): ReturnType<OperationHandler<OperationName>> {
  const { op, request } = context.envelope;
  const handler = operationHandlers[checkRequest(op, request)];
  // The table pairs each handler with the type of the schema that was just checked.
  const run = (typeof handler === 'function' ? handler : handler.run) as OperationHandler<OperationName>;
  return run(context, request as OperationRequest<OperationName>);
}

function isMutating(op: string): boolean {
  const known: Readonly<Record<string, { readonly mutates: boolean }>> = operations;
  return Object.hasOwn(known, op) && known[op]?.mutates === true;
}

/** Creates the agent of a host. Its journal outlives connections. */
export function createHostAgent({ engine, hostId, fault = () => null }: HostAgentOptions): HostAgent {
  const journal = new Journal(engine.clock);
  const running = new Map<string, AbortController>();

  async function* carryOut(envelope: Envelope, gone: AbortSignal): AsyncGenerator<LineBody, void, undefined> {
    journal.checkFence(envelope.fence, isMutating(envelope.op));
    const failure = fault(envelope.op);
    if (failure) throw new OperationFailure(failure.code, failure.message, failure.remedy);
    const controller = new AbortController();
    const context: OperationContext = {
      engine,
      hostId,
      journal,
      envelope,
      receivedAt: engine.clock.now(),
      gone,
      cancelled: controller.signal,
      cancelUnjournalled: (id) => {
        running.get(id)?.abort();
        return running.has(id);
      },
    };
    const lines = begin(context);
    running.set(envelope.id, controller);
    try {
      const result: unknown = yield* lines;
      yield { type: 'result', result };
    } finally {
      if (running.get(envelope.id) === controller) running.delete(envelope.id);
    }
  }

  return {
    hostId,
    journal: () => journal.list(null),
    async *run(text, signal) {
      let op = unknownOperation;
      let seq = 0;
      try {
        const value = parseJson(text);
        const id = field(value, 'id');
        if (idCheck.Check(id)) op = id;
        for await (const body of carryOut(readEnvelope(value), signal)) yield toAgentLine(op, seq++, body);
      } catch (error) {
        yield toAgentLine(op, seq, { type: 'error', error: errorInfoOf(error) });
      }
    },
  };
}
