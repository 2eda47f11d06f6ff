import { AgentLine, type OperationName } from '@aether-v/types';
import { Compile } from 'typebox/compile';
import type { HostAgent } from '../src/fleet/index.ts';

const lineCheck = Compile(AgentLine);
let made = 0;

/** A new operation id (UUIDv7 in shape). */
export function operationId(): string {
  return `01890a5d-ac96-774b-bcce-${(++made).toString(16).padStart(12, '0')}`;
}

/** An envelope as JSON; `change` replaces parts of it. */
export function envelope(
  op: OperationName,
  request: unknown = {},
  change: Record<string, unknown> = {},
): string {
  const parts = { contract: 2, id: operationId(), op, timeoutSeconds: 604_800, actor: 'ann', request };
  return JSON.stringify({ ...parts, ...change });
}

/** Reads one line, and checks that it is one of the contract's, in ASCII and short enough. */
export function parseLine(line: unknown): AgentLine {
  if (typeof line !== 'string') throw new TypeError('A line is a text.');
  if (!/^[\x20-\x7e]{1,262144}$/.test(line))
    throw new Error(`No line of the contract: ${line.slice(0, 200)}`);
  const value = JSON.parse(line) as unknown;
  if (!lineCheck.Check(value)) throw new Error(`No line of the contract: ${line.slice(0, 500)}`);
  return value;
}

/** One operation that is listened to while a test goes on. */
export class Conversation {
  readonly lines: AgentLine[] = [];
  /** Resolves when the agent has said its last line. */
  readonly ended: Promise<void>;
  readonly #gone = new AbortController();
  readonly #waiting = new Set<() => void>();

  constructor(agent: HostAgent, text: string) {
    this.ended = this.#listen(agent, text);
  }

  /** Stops listening, as a client that vanishes. */
  leave(): void {
    this.#gone.abort();
  }

  /**
   * The first line that `matches`, now or later, once the agent waits again: it works in microtasks alone, so it has
   * set its alarms by the next turn of the event loop. Fails when the operation ends without such a line.
   */
  async until(matches: (line: AgentLine) => boolean): Promise<AgentLine> {
    const over = this.ended.then(() => true);
    for (let isOver = false; ;) {
      const found = this.lines.find(matches);
      if (found) {
        await new Promise((resolve) => setImmediate(resolve));
        return found;
      }
      if (isOver) throw new Error(`It ended without that: ${JSON.stringify(this.lines.slice(-3))}`);
      const more = new Promise<boolean>((resolve) => this.#waiting.add(() => resolve(false)));
      isOver = await Promise.race([more, over]);
    }
  }

  /** The items so far, of one kind. */
  items(kind: string): Record<string, unknown>[] {
    return this.lines.flatMap((line) => {
      if (line.type !== 'item') return [];
      const item = line.item as Record<string, unknown>;
      return item['kind'] === kind ? [item] : [];
    });
  }

  async #listen(agent: HostAgent, text: string): Promise<void> {
    for await (const line of agent.run(text, this.#gone.signal)) {
      this.lines.push(parseLine(line));
      for (const wake of this.#waiting) wake();
      this.#waiting.clear();
    }
  }
}

/** Runs an operation to its end and returns all its lines. */
export async function allLines(agent: HostAgent, text: string): Promise<AgentLine[]> {
  const conversation = new Conversation(agent, text);
  await conversation.ended;
  return conversation.lines;
}

/** The last line; the others are checked to be none of the final ones, and numbered without a gap. */
export function finalOf(lines: readonly AgentLine[]): Extract<AgentLine, { type: 'result' | 'error' }> {
  const last = lines.at(-1);
  if (last?.type !== 'result' && last?.type !== 'error') throw new Error('The last line is not final.');
  for (const [index, { seq, type }] of lines.entries()) {
    if (seq !== index) throw new Error(`Line ${index} says ${seq}.`);
    if (index < lines.length - 1 && (type === 'result' || type === 'error'))
      throw new Error('Two final lines.');
  }
  return last;
}
