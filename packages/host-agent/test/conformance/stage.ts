import type { AgentLine, OperationName, VmFacts } from '@aether-v/types';
import type { Conversation } from './conversation.ts';
import { stateOf, transcriptOf, type Transcript } from './normalize.ts';
import type { Side, World } from './side.ts';
import { changesBetween, storedIn } from './stored.ts';

/** What a scenario leaves: the transcript of each of its operations, the engine's VMs, and what became of its files and folders. */
export interface Outcome {
  readonly transcripts: Readonly<Record<string, Transcript>>;
  readonly state: Readonly<Record<string, string>>;
  readonly files: readonly string[];
}

/** A story that is played on both sides. */
export interface Scenario {
  readonly name: string;
  readonly world: World;
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
  /** Files and folders that there were at the start. */
  readonly #stored: ReadonlySet<string>;
  #made = 0;

  constructor(side: Side) {
    this.side = side;
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

  begin(envelope: string): Promise<Conversation> {
    return this.side.begin(envelope);
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

  get outcome(): Outcome {
    const { engine } = this.side;
    return {
      transcripts: this.#transcripts,
      state: stateOf(engine),
      files: changesBetween(this.#stored, storedIn(engine)),
    };
  }
}
