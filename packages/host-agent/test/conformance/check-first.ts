import { Envelope, operations, type AgentLine, type ErrorInfo, type OperationCheck } from '@aether-v/types';
import { Compile } from 'typebox/compile';
import type { Side } from './side.ts';
import { stateOf } from './normalize.ts';
import { operationId } from './stage.ts';
import { storedIn } from './stored.ts';

/** The answer of a check that both sides must give. */
export interface Checked {
  /** Code and message of each refusal, or of the error of the check itself. */
  readonly refusals: readonly string[];
  readonly deletes: readonly string[];
  /** Path and reason. */
  readonly remaining: readonly string[];
}

/** Errors that an operation meets after its checks, or that its envelope causes. */
const beyondChecks = [
  'cancelled',
  'already-running',
  'fenced',
  'outcome-unknown',
  'host-timeout',
  'guest-timeout',
];

/** Makes ids of checks different from those of operations. */
const firstCheck = 0x800000;

const envelopeCheck = Compile(Envelope);

/** Returns the envelope of an operation that changes something and that can be read; null for every other text. */
function mutatingEnvelope(text: string): Envelope | null {
  try {
    const value: unknown = JSON.parse(text);
    if (!envelopeCheck.Check(value)) return null;
    const known: Readonly<Record<string, { readonly mutates: boolean }>> = operations;
    return Object.hasOwn(known, value.op) && known[value.op]?.mutates ? value : null;
  } catch {
    return null;
  }
}

const wordsOf = ({ code, message }: ErrorInfo): string => `${code}: ${message}`;

function checkedOf(last: AgentLine | undefined): Checked {
  if (last?.type === 'error') {
    return { refusals: [`error ${last.error.code}`], deletes: [], remaining: [] };
  }
  if (last?.type !== 'result') throw new Error('The check did not end.');
  const { refusals, deletes, remaining } = last.result as OperationCheck;
  return {
    refusals: refusals.map(wordsOf),
    deletes: [...deletes].sort(),
    remaining: remaining.map(({ path, reason }) => `${path} ${reason}`),
  };
}

/** Sends `operation.check` before every operation that changes something, and holds it against what the operation does. */
export class CheckFirst {
  readonly #side: Side;
  readonly #known = new Set<string>();
  #sent = 0;

  constructor(side: Side) {
    this.#side = side;
  }

  /** Checks the operation of an envelope; null if it changes nothing, or only repeats an earlier one. */
  async check(text: string): Promise<Checked | null> {
    const envelope = mutatingEnvelope(text);
    if (!envelope) return null;
    const { id, idempotencyKey = id, op, request } = envelope;
    const isRepeated = this.#known.has(id) || this.#known.has(idempotencyKey);
    this.#known.add(id).add(idempotencyKey);
    if (isRepeated) return null;
    const before = this.#world();
    const conversation = await this.#side.begin(
      JSON.stringify({
        contract: 2,
        id: operationId(firstCheck + ++this.#sent),
        op: 'operation.check',
        timeoutSeconds: 60,
        actor: 'ann',
        request: { op, request },
      }),
    );
    await conversation.ended;
    if (this.#world() !== before) throw new Error(`The check of ${op} changed something.`);
    return checkedOf(conversation.lines.at(-1));
  }

  #world(): string {
    const { engine } = this.#side;
    return JSON.stringify([stateOf(engine), [...storedIn(engine)], this.#side.journal()]);
  }
}

/** Returns how an operation contradicts its check; null if it does what the check said. */
export function contradiction(
  { refusals, deletes, remaining }: Checked,
  last: AgentLine | undefined,
): string | null {
  if (last?.type === 'error') {
    if (beyondChecks.includes(last.error.code)) return null;
    const [first] = refusals;
    if (first === undefined) return `passes the check, and ends in ${last.error.code}`;
    return first === wordsOf(last.error) || first === `error ${last.error.code}`
      ? null
      : `ends in "${wordsOf(last.error)}", but its check says "${first}"`;
  }
  if (last?.type !== 'result') return null;
  if (refusals.length > 0) return `succeeds, but its check says "${refusals.join(' ')}"`;
  const result = last.result as { deleted?: string[]; remaining?: { path: string; reason: string }[] };
  if (!result.deleted || !result.remaining) return null;
  const there = checkedOf({
    ...last,
    result: { refusals, deletes: result.deleted, remaining: result.remaining },
  });
  return JSON.stringify(there) === JSON.stringify({ refusals, deletes, remaining })
    ? null
    : `deletes ${there.deletes.join(', ')} and leaves ${there.remaining.join(', ')}; its check says ${deletes.join(', ')} and ${remaining.join(', ')}`;
}
