import {
  AgentLine,
  maxLineBytes,
  operations,
  type OperationItem,
  type OperationName,
  type OperationResult,
} from '@aether-v/types';
import { Compile, type Validator } from 'typebox/compile';
import { HostOperationError } from '../errors/host-operation-error.ts';
import { reportedError } from '../errors/reported-error.ts';
import type { Flaw, OperationLine } from './host-operations.ts';
import { describeItem, isInventory, mendItem } from './mend-item.ts';
import { stripUnknown } from './strip-unknown.ts';
import { withUniqueParts } from './unique-parts.ts';

/** The meaning of a line: an intermediate line, or the success result. */
export type ReadLine<N extends OperationName> =
  | { readonly final: false; readonly line: OperationLine<N> }
  /** An item of which nothing can be used. */
  | { readonly final: false; readonly flaw: Flaw }
  | { readonly final: true; readonly result: OperationResult<N> };

const anyLine = Compile(AgentLine);
const validators = new Map<string, Validator>();

/** Compiled on first use and cached: there are few operations but many lines. */
function validator(op: OperationName, part: 'item' | 'result'): Validator {
  const key = `${op}.${part}`;
  const known = validators.get(key);
  if (known !== undefined) return known;
  const made: Validator = Compile(operations[op][part]);
  validators.set(key, made);
  return made;
}

/**
 * Reads the lines of one operation. Hosts are not trusted: each line is checked for size, encoding, shape, operation
 * and order before it is used, and properties outside the contract are removed.
 */
export class LineReader<N extends OperationName> {
  readonly #op: N;
  readonly #operationId: string;
  #lastSeq: number | undefined;
  #ended = false;

  constructor(op: N, operationId: string) {
    this.#op = op;
    this.#operationId = operationId;
  }

  /** True if the final line was read. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * @throws HostOperationError the failure that the host reports, or `contract-violation` for a line that the contract
   * does not allow here.
   */
  read(text: string): ReadLine<N> {
    if (this.#ended) throw violation('wrote more after the end of the operation');
    const line = this.#parse(text);
    if (line.op !== this.#operationId) throw violation(`wrote a line of another operation (${line.op})`);
    this.#checkOrder(line.seq);
    if (line.type === 'item') return this.#item(line);
    if (line.type !== 'result' && line.type !== 'error') return { final: false, line };
    this.#ended = true;
    if (line.type === 'error') throw reportedError(line.error);
    return { final: true, result: this.#checked('result', line.result) as OperationResult<N> };
  }

  /**
   * Checks that the host was allowed to end its output here. @throws HostOperationError if the final line is missing.
   */
  end(): void {
    if (!this.#ended) throw violation('ended the operation without a result or an error');
  }

  #parse(text: string): AgentLine {
    const bytes = Buffer.byteLength(text);
    if (bytes > maxLineBytes) throw violation(`wrote a line of ${String(bytes)} bytes`);
    if (bytes !== text.length) throw violation('wrote a line that is not ASCII');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw violation('wrote a line that is not JSON', error);
    }
    if (!anyLine.Check(value))
      throw violation(`wrote a line of an unknown form${firstError(anyLine, value)}`);
    return stripUnknown(AgentLine, value) as AgentLine;
  }

  #checkOrder(seq: number): void {
    // A finished operation replays its stored last line, so the first line may have any number.
    if (this.#lastSeq !== undefined && seq !== this.#lastSeq + 1) {
      throw violation(`wrote line ${String(seq)} after line ${String(this.#lastSeq)}`);
    }
    this.#lastSeq = seq;
  }

  #item(line: Extract<AgentLine, { type: 'item' }>): ReadLine<N> {
    if (!isInventory(this.#op)) {
      return { final: false, line: { ...line, item: this.#checked('item', line.item) } as OperationLine<N> };
    }
    const schema = validator(this.#op, 'item');
    const item = schema.Check(line.item) ? (line.item as OperationItem<'inventory'>) : mendItem(line.item);
    if (item === undefined) {
      const message = `Omitted: the host’s data violates the contract${firstError(schema, line.item)}.`;
      return { final: false, flaw: { ...describeItem(line.item), message } };
    }
    const known = stripUnknown(operations[this.#op].item, item) as OperationItem<'inventory'>;
    const sound = known.kind === 'vm' ? { ...known, vm: withUniqueParts(known.vm) } : known;
    return { final: false, line: { ...line, item: sound } as OperationLine<N> };
  }

  #checked(part: 'item' | 'result', value: unknown): unknown {
    const schema = validator(this.#op, part);
    if (schema.Check(value)) return stripUnknown(operations[this.#op][part], value);
    throw violation(
      `wrote ${part === 'item' ? 'an item' : 'a result'} of an invalid form${firstError(schema, value)}`,
    );
  }
}

function firstError(schema: Pick<Validator, 'Errors'>, value: unknown): string {
  const [error] = schema.Errors(value);
  return error === undefined ? '' : `: ${error.instancePath || '/'} ${error.message}`.slice(0, 200);
}

function violation(what: string, cause?: unknown): HostOperationError {
  return HostOperationError.of('agent-contract', { began: true, detail: `It ${what}.`, cause });
}
