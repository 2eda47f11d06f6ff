import { decodeFrame, encodeFrame, FrameError, maxFrameLength } from '@aether-v/types';
import { WsmanError } from '@aether-v/psrp/client';
import type { WinRMParams } from 'winrm-client/dist/src/types.js';
import type { WinrsTarget } from '../../config/host-target.ts';
import type { Secret } from '../../config/secret.ts';
import type { AgentConnector, AgentSession } from '../agent/agent-session.ts';
import { hostError } from '../errors/connection-error.ts';
import { HostOperationError } from '../errors/host-operation-error.ts';
import { winrmCall, winrmClient } from './winrm-call.ts';

/** Options for hosts that only have WinRM commands (WinRS). */
export interface WinrsConnectorOptions {
  readonly user: string;
  readonly password: Secret;
  readonly verifyTls: boolean;
  /** The agent's folder on hosts. */
  readonly installDirectory: string;
  /** Time limit for ending a command, in milliseconds. */
  readonly closeTimeout: number;
}

/** Time limit of one request, in milliseconds: the library asks hosts to hold a Receive for at most a minute. */
const callTimeout = 90_000;

/** The largest request frame in bytes: after another encoding it must fit into an envelope of 150 kB. */
const maxRequestFrame = 110_000;

/** Creates a connector for WinRS through winrm-client, with one shell per operation. */
export function winrsConnector(options: WinrsConnectorOptions): AgentConnector {
  return {
    open: async ({ target }, signal) => {
      if (target.kind !== 'winrs') throw new Error(`${target.address} does not use WinRS.`);
      const session = new WinrsSession(target, options);
      await session.prove(signal);
      return session;
    },
  };
}

/**
 * A session that runs each operation as a command in its own shell. The library cannot end a command, so the shell is
 * deleted with it. Nothing stays open between operations.
 */
class WinrsSession implements AgentSession {
  readonly #params: WinRMParams;
  readonly #options: WinrsConnectorOptions;
  readonly #library = winrmClient();
  readonly #closing = new AbortController();
  /** The shells of operations, and the pending deletion of each. */
  readonly #shells = new Map<string, Promise<void> | undefined>();
  #lost = false;

  constructor({ url, scheme }: WinrsTarget, options: WinrsConnectorOptions) {
    this.#options = options;
    const useHttps = url.protocol === 'https:';
    this.#params = {
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? (useHttps ? 443 : 80) : Number(url.port),
      path: url.pathname,
      username: options.user,
      password: options.password.reveal(),
      authMethod: scheme,
      useHttps,
      rejectUnauthorized: options.verifyTls,
    };
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** Opens and deletes a shell, which proves that the host responds and accepts the credentials. */
  async prove(signal: AbortSignal): Promise<void> {
    try {
      await this.#end(await this.#create(signal));
    } catch (error) {
      throw hostError(error, false);
    }
  }

  async *run(envelope: string, signal: AbortSignal): AsyncGenerator<string, undefined> {
    const request = encodeFrame(envelope);
    if (request.length > maxRequestFrame) {
      throw HostOperationError.of('envelope-size', {
        began: false,
        detail: 'WinRS accepts at most 80 kB.',
      });
    }
    const both = AbortSignal.any([signal, this.#closing.signal]);
    let shellId: string | undefined;
    let began = false;
    try {
      shellId = await this.#create(both);
      const shell = { ...this.#params, shellId };
      const { Command } = this.#library;
      const command = this.#command();
      const commandId = await this.#call(() => Command.doExecuteCommand({ ...shell, command }), both);
      began = true;
      await this.#call(() => Command.doSendInput({ ...shell, commandId, input: `${request}\r\n` }), both);
      yield* this.#lines(shell, commandId, request, both);
    } catch (error) {
      // Once the request was sent, only the agent's journal can tell whether it began.
      throw hostError(error, began, began);
    } finally {
      if (shellId !== undefined) await this.#end(shellId);
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.#lost = true;
    this.#closing.abort(new WsmanError('closed', 'The session was closed'));
    await Promise.all([...this.#shells.keys()].map((shellId) => this.#end(shellId)));
  }

  /** Yields lines of the agent. A console may echo its input, which is skipped. */
  async *#lines(
    shell: WinRMParams & { shellId: string },
    commandId: string,
    request: string,
    signal: AbortSignal,
  ): AsyncGenerator<string, undefined> {
    let rest = '';
    let said = '';
    let isOver = false;
    let hasAnswered = false;
    while (!isOver) {
      const output = await this.#receive(shell, commandId, signal);
      isOver = output.isOver;
      said = `${said}${output.stderr}`.slice(0, maxSaid);
      const frames = `${rest}${output.stdout}`.split(/\r?\n/);
      rest = isOver ? '' : (frames.pop() ?? '');
      if (rest.length > maxFrameLength) throw contract('It wrote a line that is too long.');
      for (const frame of frames) {
        if (frame === '' || frame === request) continue;
        hasAnswered = true;
        yield unframed(frame, said);
      }
    }
    if (!hasAnswered && fileParameter.test(said)) throw notThere(said);
    if (said !== '') throw contract(`It reported: ${said}`);
    return undefined;
  }

  /** One Receive. The library removes blanks and line ends between two responses, but not from the raw streams. */
  async #receive(
    shell: WinRMParams & { shellId: string },
    commandId: string,
    signal: AbortSignal,
  ): Promise<{ readonly stdout: string; readonly stderr: string; readonly isOver: boolean }> {
    try {
      const { Command } = this.#library;
      const { streams } = await this.#call(
        () => Command.doReceiveOutputNonBlocking({ ...shell, commandId }),
        signal,
      );
      const textOf = (wanted: string): string =>
        streams.map(({ name, content }) => (name === wanted ? fromBase64(content) : '')).join('');
      const isOver = streams.some(({ name, end }) => name === 'stdout' && end === true);
      return { stdout: textOf('stdout'), stderr: textOf('stderr'), isOver };
    } catch (error) {
      const isNothingYet = error instanceof WsmanError && error.fault?.isTimedOut === true;
      if (!isNothingYet) throw error;
      return { stdout: '', stderr: '', isOver: false };
    }
  }

  async #create(signal: AbortSignal): Promise<string> {
    const shellId = await this.#call(() => this.#library.Shell.doCreateShell(this.#params), signal);
    this.#shells.set(shellId, undefined);
    return shellId;
  }

  /** Deletes a shell and what runs in it, even if the caller has given up. */
  #end(shellId: string): Promise<void> {
    const ending = this.#shells.get(shellId) ?? this.#delete(shellId);
    this.#shells.set(shellId, ending);
    return ending;
  }

  /** Failure is ignored: the host's own timeout deletes the shell. */
  async #delete(shellId: string): Promise<void> {
    const shell = { ...this.#params, shellId };
    const never = new AbortController().signal;
    try {
      await winrmCall(() => this.#library.Shell.doDeleteShell(shell), never, this.#options.closeTimeout);
    } catch {
      // No caller waits for this.
    } finally {
      this.#shells.delete(shellId);
    }
  }

  async #call<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await winrmCall(call, signal, callTimeout);
    } catch (error) {
      if (error instanceof WsmanError && error.fault === undefined) this.#lost = true;
      throw error;
    }
  }

  #command(): string {
    const script = `${this.#options.installDirectory}\\AetherV.HostAgent\\Invoke-AetherVEntry.ps1`;
    return `powershell.exe -NoLogo -NoProfile -NonInteractive -File "${script}"`;
  }
}

/** The maximum length of text shown from PowerShell's error stream. */
const maxSaid = 500;

/** Windows PowerShell names this parameter, in every language, only if the script file does not exist. */
const fileParameter = /(?<![\w-])-File(?!\w)/;

/** The agent's script does not exist, so nothing ran. */
function notThere(said: string): HostOperationError {
  const detail = `It reported: ${said.trim()} For winrs+https:// hosts install the agent manually, as with AGENT_DEPLOYMENT=preinstalled; session and push require PowerShell Remoting.`;
  return HostOperationError.of('agent-missing', { began: false, detail });
}

function unframed(frame: string, said: string): string {
  try {
    return decodeFrame(frame);
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    throw contract(
      `It wrote a line that is not a frame.${said === '' ? '' : ` It reported: ${said}`}`,
      error,
    );
  }
}

function contract(detail: string, cause?: unknown): HostOperationError {
  return HostOperationError.of('agent-contract', { began: true, detail, cause });
}

/** The library returns an empty element that has attributes as the text of a JavaScript object. */
function fromBase64(content: string): string {
  return /^[A-Za-z0-9+/=\s]*$/.test(content) ? Buffer.from(content, 'base64').toString('latin1') : '';
}
