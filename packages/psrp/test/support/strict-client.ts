import { randomUUID } from 'node:crypto';
import { WsmanClient, WsmanError, type Authenticator } from '../../src/client/index.ts';
import { ClientRunspacePool, type ClientEvent, type PipelineRequest } from '../../src/core/index.ts';
import type { PsValue } from '../../src/clixml/index.ts';
import { shellResourceUris, signalUris } from '../../src/wsman/index.ts';

const headerSize = 21;

/**
 * Reads one stream as a client does that decodes every `rsp:Stream` element by itself. Shares no code with what it judges.
 * Throws for an element that is not exactly one whole fragment, and for ids or bits that are not in order.
 */
export class StrictReader {
  #object: { readonly id: bigint; next: bigint; readonly parts: Buffer[] } | undefined;
  #lastObject = -1n;
  elements = 0;
  largest = 0;

  /** The object that is complete with this element. */
  read(element: Uint8Array): Buffer | undefined {
    this.elements += 1;
    this.largest = Math.max(this.largest, element.length);
    const bytes = Buffer.from(element);
    if (bytes.length < headerSize) throw new Error(`An element of ${bytes.length} bytes has no whole header`);
    const id = bytes.readBigUInt64BE(0);
    const fragment = bytes.readBigUInt64BE(8);
    const flags = bytes.readUInt8(16);
    const length = bytes.readUInt32BE(17);
    if (length === 0 || headerSize + length !== bytes.length) {
      throw new Error(
        `An element of ${bytes.length} bytes is not the one fragment of ${length} that it begins with`,
      );
    }
    if (flags > 3) throw new Error(`Unknown flags ${flags}`);
    const isStart = (flags & 1) !== 0;
    if (isStart !== (this.#object === undefined)) throw new Error('A start bit is missing or out of place');
    if (isStart) {
      if (id <= this.#lastObject) throw new Error(`Object ${id} came after ${this.#lastObject}`);
      this.#lastObject = id;
      this.#object = { id, next: 0n, parts: [] };
    }
    const object = this.#object;
    if (object?.id !== id || object.next !== fragment)
      throw new Error(`Fragment ${fragment} of ${id} is out of order`);
    object.next += 1n;
    object.parts.push(bytes.subarray(headerSize));
    if ((flags & 2) === 0) return undefined;
    this.#object = undefined;
    return Buffer.concat(object.parts);
  }

  /** Whether an object has begun and not ended. */
  get isIncomplete(): boolean {
    return this.#object !== undefined;
  }
}

/** What a pipeline said, by message. */
export interface StrictResult {
  readonly events: readonly ClientEvent[];
  readonly reader: StrictReader;
}

/** A client of one runspace pool, request by request, that reads strictly. */
export class StrictClient {
  readonly #client: WsmanClient;
  readonly #core: ClientRunspacePool;
  readonly #shell: { readonly resourceUri: string; readonly shellId: string };

  private constructor(url: string, authenticator: Authenticator) {
    this.#client = new WsmanClient({ url, authenticator, operationTimeoutMs: 2_000 });
    this.#core = new ClientRunspacePool({ id: randomUUID() });
    this.#shell = { resourceUri: shellResourceUris.windowsPowerShell, shellId: this.#core.id.toUpperCase() };
  }

  static async open(url: string, authenticator: Authenticator): Promise<StrictClient> {
    const client = new StrictClient(url, authenticator);
    client.#core.open();
    const creation = client.#core.dataToSend(100_000)?.data ?? new Uint8Array();
    await client.#client.request({
      action: 'create',
      ...client.#shell,
      noProfile: true,
      protocolVersion: '2.3',
      creation,
    });
    const reader = new StrictReader();
    while (client.#core.state !== 'Opened') {
      for (const chunk of await client.#receive(undefined)) client.#give(reader, chunk, undefined);
    }
    return client;
  }

  /** Runs a pipeline to its end. @param onOutput is told of each event; `stop` interrupts the pipeline. */
  async run(
    script: string | { readonly command: string },
    {
      input,
      onEvent,
    }: { input?: readonly PsValue[]; onEvent?: (event: ClientEvent, stop: () => Promise<void>) => void } = {},
  ): Promise<StrictResult> {
    const id = randomUUID();
    const pipeline = this.#core.createPipeline(id, pipelineRequest(script, input === undefined));
    const commandId = id.toUpperCase();
    const first = this.#core.dataToSend(100_000, id)?.data ?? new Uint8Array();
    await this.#client.request({ action: 'command', ...this.#shell, commandId, args: first });
    for (const value of input ?? []) pipeline.input(value);
    if (input !== undefined) pipeline.endInput();
    const sending = this.#send(id, commandId);
    const reader = new StrictReader();
    const events: ClientEvent[] = [];
    const stop = async (): Promise<void> => {
      await this.#client.request({ action: 'signal', ...this.#shell, commandId, code: signalUris.interrupt });
    };
    while (!events.some(({ type }) => type === 'PIPELINE_STATE')) {
      for (const chunk of await this.#receive(commandId)) {
        for (const event of this.#give(reader, chunk, id)) {
          events.push(event);
          onEvent?.(event, stop);
        }
      }
    }
    await sending;
    await this.#client.request({ action: 'signal', ...this.#shell, commandId, code: signalUris.terminate });
    this.#core.releasePipeline(id);
    return { events, reader };
  }

  async close(): Promise<void> {
    await this.#client.request({ action: 'delete', ...this.#shell });
    await this.#client.close();
  }

  async #send(id: string, commandId: string): Promise<void> {
    for (
      let next = this.#core.dataToSend(32_768, id);
      next !== undefined;
      next = this.#core.dataToSend(32_768, id)
    ) {
      await this.#client.request({
        action: 'send',
        ...this.#shell,
        commandId,
        stream: 'stdin',
        data: next.data,
      });
    }
  }

  async #receive(commandId: string | undefined): Promise<readonly Uint8Array[]> {
    const target = commandId === undefined ? {} : { commandId };
    try {
      const answer = await this.#client.request({
        action: 'receive',
        ...this.#shell,
        ...target,
        streams: 'stdout',
      });
      return answer.chunks.map(({ data }) => data);
    } catch (error) {
      if (error instanceof WsmanError && error.fault?.isTimedOut === true) return [];
      throw error;
    }
  }

  #give(reader: StrictReader, element: Uint8Array, id: string | undefined): ClientEvent[] {
    reader.read(element);
    this.#core.receiveData(element, id);
    const events: ClientEvent[] = [];
    for (let event = this.#core.nextEvent(); event !== undefined; event = this.#core.nextEvent())
      events.push(event);
    return events;
  }
}

function pipelineRequest(script: string | { readonly command: string }, noInput: boolean): PipelineRequest {
  const isScript = typeof script === 'string';
  const text = isScript ? script : script.command;
  const command = { text, isScript, useLocalScope: undefined, parameters: [], mergeErrorToOutput: false };
  return { statements: [[command]], noInput, addToHistory: false, isNested: false, remoteStreamOptions: 0 };
}
