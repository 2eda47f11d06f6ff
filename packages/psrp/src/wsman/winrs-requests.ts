import { commandId, idleTimeout, type ShellReference } from './request-parts.ts';
import { escapeXml } from './xml.ts';

/**
 * Creates a WinRS shell, which runs command lines (MS-WSMV 3.1.4.5.2). Its resource URI is
 * `shellResourceUris.commandShell`.
 */
export interface CreateCommandShellRequest {
  readonly action: 'create';
  readonly resourceUri: string;
  /** Usually absent: the host creates the id. */
  readonly shellId?: string;
  readonly name?: string;
  readonly idleTimeoutMs?: number;
  /** `WINRS_NOPROFILE`. */
  readonly noProfile: boolean;
  /** `WINRS_CODEPAGE`: code page of console input and output. */
  readonly codePage?: number;
  readonly workingDirectory?: string;
  /** Environment variables by name. */
  readonly environment: ReadonlyMap<string, string>;
  /** Distinguishes this request from CreateRequest. */
  readonly creation?: undefined;
}

/** Runs a command line in a WinRS shell (MS-WSMV 3.1.4.11). */
export interface RunCommandRequest extends ShellReference {
  readonly action: 'command';
  /** Usually absent: the host creates the id. */
  readonly commandId?: string;
  readonly command: string;
  /** Arguments, one per `rsp:Arguments`; the host appends them to the command, separated by spaces. */
  readonly commandArguments: readonly string[];
  /** `WINRS_CONSOLEMODE_STDIN`: standard input is a console instead of a pipe. */
  readonly consoleInput: boolean;
  /** `WINRS_SKIP_CMD_SHELL`: the command is a program to be started without cmd.exe. */
  readonly skipShell: boolean;
  /** Distinguishes this request from CommandRequest. */
  readonly args?: undefined;
}

/** Writes the option set of a Create. */
export function commandShellOptions({ noProfile, codePage }: CreateCommandShellRequest): string {
  return optionSet({
    WINRS_NOPROFILE: winrsBoolean(noProfile),
    ...(codePage === undefined ? {} : { WINRS_CODEPAGE: String(codePage) }),
  });
}

/** Writes the option set of a Command. */
export function commandLineOptions({ consoleInput, skipShell }: RunCommandRequest): string {
  return optionSet({
    WINRS_CONSOLEMODE_STDIN: winrsBoolean(consoleInput),
    WINRS_SKIP_CMD_SHELL: winrsBoolean(skipShell),
  });
}

function winrsBoolean(value: boolean): string {
  return value ? 'TRUE' : 'FALSE';
}

function optionSet(values: Readonly<Record<string, string>>): string {
  const all = Object.entries(values).map(([name, value]) => `<w:Option Name="${name}">${value}</w:Option>`);
  return `<w:OptionSet>${all.join('')}</w:OptionSet>`;
}

/** Writes the body of a Create. */
export function commandShellElement(request: CreateCommandShellRequest): string {
  const variables = [...request.environment].map(
    ([name, value]) => `<rsp:Variable Name="${escapeXml(name)}">${escapeXml(value)}</rsp:Variable>`,
  );
  return (
    `<rsp:Shell${request.shellId === undefined ? '' : ` ShellId="${escapeXml(request.shellId)}"`}>` +
    (request.name === undefined ? '' : `<rsp:Name>${escapeXml(request.name)}</rsp:Name>`) +
    (variables.length === 0 ? '' : `<rsp:Environment>${variables.join('')}</rsp:Environment>`) +
    (request.workingDirectory === undefined
      ? ''
      : `<rsp:WorkingDirectory>${escapeXml(request.workingDirectory)}</rsp:WorkingDirectory>`) +
    idleTimeout(request.idleTimeoutMs) +
    `<rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>`
  );
}

/** Writes the body of a Command. */
export function commandLineElement(request: RunCommandRequest): string {
  const args = request.commandArguments.map((one) => `<rsp:Arguments>${escapeXml(one)}</rsp:Arguments>`);
  return (
    `<rsp:CommandLine${commandId(request.commandId)}><rsp:Command>${escapeXml(request.command)}</rsp:Command>` +
    `${args.join('')}</rsp:CommandLine>`
  );
}
