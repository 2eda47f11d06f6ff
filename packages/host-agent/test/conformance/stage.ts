import type { AgentLine, OperationName, VmFacts } from '@aether-v/types';
import { CheckFirst, contradiction, type Checked } from './check-first.ts';
import type { Conversation } from './conversation.ts';
import { stateOf, transcriptOf, type Transcript } from './normalize.ts';
import type { Side, World } from './side.ts';
import { changesBetween, storedIn } from './stored.ts';

/** What a scenario leaves: the transcript of each of its operations, the engine's VMs, and what became of its files and folders. */
export interface Outcome {
  readonly transcripts: Readonly<Record<string, Transcript>>;
  /** What the checks before the operations said. */
  readonly checks: Readonly<Record<string, Checked>>;
  readonly state: Readonly<Record<string, string>>;
  readonly files: readonly string[];
}

/** A story that is played on both sides. */
export interface Scenario {
  readonly name: string;
  readonly world: World;
  /** Operations that end otherwise than their check says, with the reason. */
  readonly unforeseen?: Readonly<Record<string, string>>;
  readonly play: (stage: Stage) => Promise<void>;
}

/** When an operation is cancelled: at a line, and so much later. */
interface CancelOptions {
  readonly at?: (line: AgentLine) => boolean;
  readonly afterMs?: number;
}

/** Whether a line says that an image is being copied. */
export function isCopying(line: AgentLine): boolean {
  return line.type === 'progress' && line.message.startsWith('Copy');
}

/** A UUIDv7 in shape, with a number in it. */
export function operationId(number: number): string {
  return `01890a5d-ac96-774b-bcce-${number.toString(16).padStart(12, '0')}`;
}

/** Where a scenario is played. */
export class Stage {
  readonly side: Side;
  readonly #transcripts: Record<string, Transcript> = {};
  readonly #checks: Record<string, Checked> = {};
  readonly #checkOf = new WeakMap<Conversation, Checked>();
  readonly #checkFirst: CheckFirst;
  readonly #wrong: string[] = [];
  readonly #unforeseen: Readonly<Record<string, string>>;
  /** Files and folders that there were at the start. */
  readonly #stored: ReadonlySet<string>;
  #made = 0;

  constructor(side: Side, { unforeseen = {} }: Pick<Scenario, 'unforeseen'> = {}) {
    this.side = side;
    this.#unforeseen = unforeseen;
    this.#checkFirst = new CheckFirst(side);
    this.#stored = storedIn(side.engine);
  }

  /** A VM by its name. */
  vm(name: string): VmFacts {
    const found = this.side.engine.vms(this.side.hostId).find((vm) => vm.name === name);
    if (!found) throw new Error(`There is no ${name}.`);
    return found;
  }

  newId(): string {
    return operationId(++this.#made);
  }

  envelope(op: OperationName, request: unknown = {}, change: Record<string, unknown> = {}): string {
    const id = this.newId();
    return JSON.stringify({ contract: 2, id, op, timeoutSeconds: 3_600, actor: 'ann', request, ...change });
  }

  /** Begins an operation. One that changes something is checked first. */
  async begin(envelope: string): Promise<Conversation> {
    const check = await this.#checkFirst.check(envelope);
    const conversation = await this.side.begin(envelope);
    if (check) this.#checkOf.set(conversation, check);
    return conversation;
  }

  /** Carries an envelope out to its end, and keeps the transcript under a name. */
  async send(name: string, envelope: string): Promise<Transcript> {
    const conversation = await this.begin(envelope);
    return this.finish(name, conversation);
  }

  /** The same for an operation. */
  call(
    name: string,
    op: OperationName,
    request: unknown = {},
    change: Record<string, unknown> = {},
  ): Promise<Transcript> {
    return this.send(name, this.envelope(op, request, change));
  }

  /** Waits for the end of an operation, and keeps its transcript. */
  async finish(name: string, conversation: Conversation): Promise<Transcript> {
    await conversation.ended;
    const transcript = transcriptOf(conversation.lines);
    if (name in this.#transcripts) throw new Error(`Two operations are called ${name}.`);
    this.#transcripts[name] = transcript;
    this.#compare(name, conversation);
    return transcript;
  }

  /** Carries an envelope out while time stands still until it has come so far, and cancels it then. */
  async cancel(
    name: string,
    envelope: string,
    { at = ({ type }) => type === 'progress', afterMs = 0 }: CancelOptions = {},
  ): Promise<void> {
    const { id } = JSON.parse(envelope) as { readonly id: string };
    this.side.time.freeze();
    const running = await this.begin(envelope);
    await running.until(at);
    this.side.time.pass(afterMs);
    await this.call(`cancel ${name}`, 'operation.cancel', { operationId: id });
    this.side.time.thaw();
    await this.finish(name, running);
  }

  #compare(name: string, conversation: Conversation): void {
    const check = this.#checkOf.get(conversation);
    if (!check) return;
    this.#checks[name] = check;
    const found = contradiction(check, conversation.lines.at(-1));
    const isForeseen = name in this.#unforeseen;
    if (found !== null && !isForeseen) this.#wrong.push(`"${name}" ${found}.`);
    if (found === null && isForeseen) this.#wrong.push(`"${name}" does what its check says.`);
  }

  /** Throws if an operation did not do what its check said. */
  get outcome(): Outcome {
    if (this.#wrong.length > 0) throw new Error(this.#wrong.join('\n'));
    const { engine } = this.side;
    return {
      transcripts: this.#transcripts,
      checks: this.#checks,
      state: stateOf(engine),
      files: changesBetween(this.#stored, storedIn(engine)),
    };
  }
}
