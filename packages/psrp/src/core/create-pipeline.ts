import { property, psList, psObject, type PsObject, type PsValue } from '../clixml/index.ts';
import { enumOf, flagOf, integerOf, itemsOf, need, textOf, type Codec } from './codec.ts';

/** Parameter of a command (MS-PSRP 2.2.3.13); a positional argument if `name` is undefined. */
export interface CommandParameter {
  readonly name: string | undefined;
  readonly value: PsValue;
}

/** Command of a pipeline (MS-PSRP 2.2.3.12): a command name or a script. */
export interface PipelineCommand {
  readonly text: string;
  readonly isScript: boolean;
  /**
   * True runs it in its own scope. Undefined: the host decides, and a script runs in the calling scope (dot-sourced).
   */
  readonly useLocalScope: boolean | undefined;
  readonly parameters: readonly CommandParameter[];
  /** Merges the error stream of this command into its output (PipelineResultTypes). */
  readonly mergeErrorToOutput: boolean;
}

/** Body of CREATE_PIPELINE (MS-PSRP 2.2.2.10). */
export interface PipelineRequest {
  /** Statements, each a pipeline of commands; at least one, none empty. */
  readonly statements: readonly (readonly PipelineCommand[])[];
  /** True if the pipeline has no input; otherwise PIPELINE_INPUT and END_OF_PIPELINE_INPUT follow. */
  readonly noInput: boolean;
  readonly addToHistory: boolean;
  readonly isNested: boolean;
  /** RemoteStreamOptions: bits that request invocation info in records; error 1, warning 2, debug 4, verbose 8. */
  readonly remoteStreamOptions: number;
}

const apartmentStates = ['STA', 'MTA', 'Unknown'];

/** Creates a null HostInfo (MS-PSRP 2.2.3.14): prompts fail at once instead of calling the client. */
export function nullHostInfo(): PsObject {
  return psObject({
    _isHostNull: true,
    _isHostUINull: true,
    _isHostRawUINull: true,
    _useRunspaceHost: true,
  });
}

/** Creates ApartmentState `Unknown`: the host decides. */
export function anyApartmentState(): PsObject {
  return enumOf('System.Threading.ApartmentState', apartmentStates, 2);
}

/** Codec of CREATE_PIPELINE. */
export const createPipelineCodec: Codec<PipelineRequest> = {
  encode: (request) =>
    psObject({
      NoInput: request.noInput,
      ApartmentState: anyApartmentState(),
      RemoteStreamOptions: enumOf(
        'System.Management.Automation.RemoteStreamOptions',
        request.remoteStreamOptions === 0 ? ['None'] : [],
        request.remoteStreamOptions,
      ),
      AddToHistory: request.addToHistory,
      HostInfo: nullHostInfo(),
      PowerShell: encodePowerShell(request),
      IsNested: request.isNested,
    }),
  decode: (payload) => {
    const powerShell = property(payload, 'PowerShell');
    const first = itemsOf(powerShell, 'Cmds').map(decodeCommand);
    const statements = itemsOf(powerShell, 'ExtraCmds').map((extra) =>
      itemsOf(extra, 'Cmds').map(decodeCommand),
    );
    need(first[0], 'Cmds');
    return {
      // ExtraCmds, if present, holds all statements including the first.
      statements: statements.length > 0 ? statements : [first],
      noInput: flagOf(payload, 'NoInput') ?? false,
      addToHistory: flagOf(payload, 'AddToHistory') ?? false,
      isNested: flagOf(payload, 'IsNested') ?? false,
      remoteStreamOptions: integerOf(payload, 'RemoteStreamOptions') ?? 0,
    };
  },
};

function encodePowerShell({ statements, isNested }: PipelineRequest): PsObject {
  const first = statements[0] ?? [];
  const entries: [string, PsValue][] = [['Cmds', psList(first.map(encodeCommand))]];
  if (statements.length > 1) {
    const all = statements.map((commands) => psObject({ Cmds: psList(commands.map(encodeCommand)) }));
    entries.push(['ExtraCmds', psList(all)]);
  }
  entries.push(['IsNested', isNested], ['History', null], ['RedirectShellErrorOutputPipe', true]);
  return psObject(entries);
}

/** PipelineResultTypes: `Output` 1, `Error` 2. */
function encodeCommand(command: PipelineCommand): PsObject {
  const merge = (value: number): PsObject =>
    enumOf('System.Management.Automation.Runspaces.PipelineResultTypes', ['None', 'Output', 'Error'], value);
  const none = merge(0);
  const { mergeErrorToOutput } = command;
  return psObject({
    Cmd: command.text,
    Args: psList(command.parameters.map(encodeParameter)),
    IsScript: command.isScript,
    UseLocalScope: command.useLocalScope ?? null,
    MergeMyResult: mergeErrorToOutput ? merge(2) : none,
    MergeToResult: mergeErrorToOutput ? merge(1) : none,
    MergePreviousResults: none,
    // PowerShell 2 hosts read the pair above, later hosts this property.
    MergeError: mergeErrorToOutput ? merge(1) : none,
    MergeWarning: none,
    MergeVerbose: none,
    MergeDebug: none,
    MergeInformation: none,
  });
}

function encodeParameter({ name, value }: CommandParameter): PsObject {
  return psObject({ N: name ?? null, V: value });
}

function decodeCommand(value: PsValue): PipelineCommand {
  return {
    text: need(textOf(value, 'Cmd'), 'Cmd'),
    isScript: flagOf(value, 'IsScript') ?? false,
    useLocalScope: flagOf(value, 'UseLocalScope'),
    parameters: itemsOf(value, 'Args').map(decodeParameter),
    mergeErrorToOutput: [integerOf(value, 'MergeToResult'), integerOf(value, 'MergeError')].includes(1),
  };
}

/** Decodes a parameter. Clients may send a name as typed: `-Name` or `-Name:`. */
function decodeParameter(value: PsValue): CommandParameter {
  const name = textOf(value, 'N')?.replace(/^-/, '').replace(/:$/, '');
  return { name: name === '' ? undefined : name, value: property(value, 'V') ?? null };
}
