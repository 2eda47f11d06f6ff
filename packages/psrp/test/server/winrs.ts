import { shellResourceUris, signalUris, type StreamChunk } from '../../src/wsman/index.ts';
import type { WsmanClient } from '../../src/client/index.ts';

const resourceUri = shellResourceUris.commandShell;

/** What a command has written, by stream, and how it ended. */
export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
}

/** A WinRS shell as a client sees it, request by request. */
export class WinrsShell {
  readonly shellId: string;
  readonly #client: WsmanClient;

  private constructor(client: WsmanClient, shellId: string) {
    this.#client = client;
    this.shellId = shellId;
  }

  static async open(client: WsmanClient, environment = new Map<string, string>()): Promise<WinrsShell> {
    const create = { action: 'create', resourceUri, noProfile: true, environment } as const;
    const { shell } = await client.request(create);
    return new WinrsShell(client, shell.shellId);
  }

  async start(command: string, ...commandArguments: string[]): Promise<string> {
    const options = { consoleInput: false, skipShell: false };
    const answer = await this.#client.request({
      ...this.#shell('command'),
      command,
      commandArguments,
      ...options,
    });
    return answer.commandId;
  }

  async send(commandId: string, text: string, end = false): Promise<void> {
    const data = Buffer.from(text);
    await this.#client.request({ ...this.#shell('send'), commandId, stream: 'stdin', data, end });
  }

  async signal(commandId: string, name: 'ctrlC' | 'ctrlBreak' | 'terminate'): Promise<void> {
    await this.#client.request({ ...this.#shell('signal'), commandId, code: signalUris[name] });
  }

  receive(commandId: string, signal?: AbortSignal) {
    return this.#client.request({ ...this.#shell('receive'), commandId, streams: 'stdout stderr' }, signal);
  }

  /** All there is until the command is done. */
  async output(commandId: string): Promise<CommandOutput> {
    const all: StreamChunk[] = [];
    const text = (stream: string): string =>
      Buffer.concat(all.filter((chunk) => chunk.stream === stream).map(({ data }) => data)).toString();
    for (;;) {
      const { chunks, state } = await this.receive(commandId);
      all.push(...chunks);
      if (state?.done !== true) continue;
      return { stdout: text('stdout'), stderr: text('stderr'), exitCode: state.exitCode };
    }
  }

  async run(command: string, ...commandArguments: string[]): Promise<CommandOutput> {
    return this.output(await this.start(command, ...commandArguments));
  }

  async close(): Promise<void> {
    await this.#client.request(this.#shell('delete'));
  }

  #shell<A extends string>(action: A) {
    return { action, resourceUri, shellId: this.shellId };
  }
}
