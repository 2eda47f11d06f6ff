import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { languages, type HostLanguage } from './cultures.ts';
import { HostFacade, type ManagementServiceState, type RowDistortion } from './host-facade.ts';
import { StubError } from './stub-error.ts';
import type { CimValue } from './wql.ts';

/** One call that a stub forwards: the cmdlet, and its parameters as they were bound. */
export interface StubCall {
  readonly pid: number;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * What a test does at a call: kill its process before it has an effect, or after and before it is answered; let the cmdlet act and then
 * fail, as when its answer is lost, or then answer something else; refuse it by an error; or answer it in place of the host.
 */
export type CallHook = (
  number: number,
  call: StubCall,
) =>
  | 'kill-before'
  | 'kill-after'
  | 'throw-after'
  | { readonly afterwards: readonly CimValue[] }
  | StubError
  | readonly CimValue[]
  | undefined;

type StubAnswer = { readonly output: readonly CimValue[] } | { readonly error: object };

/** What a bridge needs. */
export interface BridgeOptions {
  readonly engine: HyperVEngine;
  readonly hostId: string;
  readonly language?: HostLanguage;
  /** Moves the engine's clock; the agent's waits become this. A promise holds the agent until time may pass. */
  readonly advance: (milliseconds: number) => void | Promise<void>;
}

function refusal({ message, details }: StubError): { readonly error: object } {
  return { error: { message, ...details } };
}

/**
 * Stands between the PowerShell stubs and the engine: answers their calls over loopback HTTP, and counts them. State lives
 * here, so it survives the agent's process.
 */
export class Bridge implements AsyncDisposable {
  readonly #facade: HostFacade;
  readonly #options: BridgeOptions;
  readonly #server: Server;
  readonly #counts = new Map<string, number>();
  readonly #trace: string[] = [];
  /** Set by a test. */
  hook: CallHook | undefined;

  /** What a test makes of the rows of a class before they are sent; `Get-VHD` and `Msvm_SummaryInformation` are classes here, too. */
  set distort(distort: RowDistortion | undefined) {
    this.#facade.distort = distort;
  }

  /** Stops vmms, or lets it start: its WMI provider is there all the same, and answers with nothing. */
  set managementService(state: ManagementServiceState) {
    this.#facade.managementService = state;
  }

  /** Stops the cluster service of this node, as an administrator would; its namespace is there all the same. */
  stopClusterService(): void {
    this.#facade.clusterService = 'stopped';
  }

  private constructor(options: BridgeOptions) {
    this.#options = options;
    this.#facade = new HostFacade(options.engine, options.hostId, options.language ?? languages.english);
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
        void this.#answer(request.url ?? '', body).then((answer) => {
          // A killed process gets no answer.
          if (answer === undefined) return;
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify(answer));
        });
      });
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  static async open(options: BridgeOptions): Promise<Bridge> {
    const bridge = new Bridge(options);
    await new Promise<void>((resolve) => bridge.#server.listen(0, '127.0.0.1', resolve));
    return bridge;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Calls so far. */
  get total(): number {
    return this.#trace.length;
  }

  /** What was called so far, in its order: cmdlet and class, method or path. */
  get trace(): readonly string[] {
    return this.#trace;
  }

  /** Calls so far, by cmdlet and class or method. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort());
  }

  resetCounts(): void {
    this.#counts.clear();
    this.#trace.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(path: string, body: unknown): Promise<unknown> {
    if (path === '/clock') return this.#clock(body as { readonly advance?: number });
    return this.#call(body as StubCall);
  }

  async #clock({ advance = 0 }: { readonly advance?: number }): Promise<{ readonly now: number }> {
    if (advance > 0) await this.#options.advance(advance);
    return { now: this.#options.engine.clock.now() };
  }

  async #call(call: StubCall): Promise<StubAnswer | undefined> {
    const what =
      call.parameters['MethodName'] ?? call.parameters['ClassName'] ?? call.parameters['LiteralPath'];
    const label = typeof what === 'string' ? `${call.name} ${what}` : call.name;
    this.#counts.set(label, (this.#counts.get(label) ?? 0) + 1);
    this.#trace.push(label);
    const fate = this.hook?.(this.#trace.length, call);
    if (fate === 'kill-before') {
      process.kill(call.pid, 'SIGKILL');
      return undefined;
    }
    const hang = this.#facade.hangOf(call);
    if (hang !== null) return this.#hang(call, hang);
    const answer =
      fate instanceof StubError
        ? refusal(fate)
        : Array.isArray(fate)
          ? { output: fate as readonly CimValue[] }
          : this.#carryOut(call);
    if (typeof fate === 'object' && 'afterwards' in fate) return { output: fate.afterwards };
    if (fate === 'throw-after') return { error: { message: 'The answer was lost.' } };
    if (fate === 'kill-after') {
      process.kill(call.pid, 'SIGKILL');
      return undefined;
    }
    return answer;
  }

  /** A call that the host never answers ends at its own time limit; one without a limit never does. */
  async #hang({ parameters }: StubCall, path: string): Promise<StubAnswer | undefined> {
    const seconds = parameters['OperationTimeoutSec'];
    if (typeof seconds !== 'number') return new Promise(() => undefined);
    await this.#options.advance(seconds * 1_000);
    return { error: { message: `The operation timed out: ${path}` } };
  }

  #carryOut(call: StubCall): StubAnswer {
    try {
      return { output: this.#facade.call(call) };
    } catch (error) {
      if (error instanceof StubError) return refusal(error);
      return { error: { message: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
    }
  }
}
