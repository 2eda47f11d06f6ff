import { AgentLine } from '@aether-v/types';
import { Compile } from 'typebox/compile';

const lineCheck = Compile(AgentLine);

/** Reads one line, and checks that it is one of the contract's, in ASCII and short enough. */
export function parseLine(line: string): AgentLine {
  if (!/^[\x20-\x7e]{1,262144}$/.test(line)) throw new Error(`Not ASCII, or too long: ${line.slice(0, 200)}`);
  const value = JSON.parse(line) as unknown;
  if (!lineCheck.Check(value)) throw new Error(`No line of the contract: ${line.slice(0, 500)}`);
  return value;
}

/** One operation that is listened to while a scenario goes on. */
export class Conversation {
  readonly lines: AgentLine[] = [];
  /** Resolves when the last line has been said, or the listener has left. */
  readonly ended: Promise<void>;
  readonly #gone = new AbortController();
  readonly #waiting = new Set<() => void>();

  constructor(run: (signal: AbortSignal) => AsyncIterable<string>) {
    this.ended = this.#listen(run(this.#gone.signal));
  }

  /** Stops listening, as a client that vanishes. */
  leave(): void {
    this.#gone.abort(new Error('The client left'));
  }

  /** The first line that matches, now or later. Fails when the operation ends without one. */
  async until(matches: (line: AgentLine) => boolean): Promise<AgentLine> {
    const over = this.ended.then(() => true);
    for (let isOver = false; ;) {
      const found = this.lines.find(matches);
      if (found) return found;
      if (isOver) throw new Error(`It ended without that: ${JSON.stringify(this.lines.slice(-3))}`);
      const more = new Promise<boolean>((resolve) => this.#waiting.add(() => resolve(false)));
      isOver = await Promise.race([more, over]);
    }
  }

  async #listen(lines: AsyncIterable<string>): Promise<void> {
    try {
      for await (const line of lines) {
        this.lines.push(parseLine(line));
        for (const wake of this.#waiting) wake();
        this.#waiting.clear();
      }
    } catch (error) {
      if (!this.#gone.signal.aborted) throw error;
    }
  }
}
