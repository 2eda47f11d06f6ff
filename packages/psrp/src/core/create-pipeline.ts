import { property, psList, psObject, type PsObject, type PsValue } from '../clixml/index.ts';
import { enumOf, flagOf, integerOf, itemsOf, need, textOf, type Codec } from './codec.ts';

/** A parameter: named, or an argument at its place where there is no name (MS-PSRP 2.2.3.13). */
export interface CommandParameter {
  readonly name: string | undefined;
  readonly value: PsValue;
}

/** A command of a pipeline (MS-PSRP 2.2.3.12): the name of one, or a script. */
export interface PipelineCommand {
  readonly text: string;
  readonly isScript: boolean;
  /** Undefined leaves it to the host: a script runs in the scope it is dotted into. */
  readonly useLocalScope: boolean | undefined;
  readonly parameters: readonly CommandParameter[];
  /** Sends the error stream of this command to its output, where PipelineResultTypes say so. */
  readonly mergeErrorToOutput: boolean;
}

/** What CREATE_PIPELINE asks for (MS-PSRP 2.2.2.10). */
export interface PipelineRequest {
  /** One pipeline of commands for each statement; at least one, none empty. */
  readonly statements: readonly (readonly PipelineCommand[])[];
  /** Whether the pipeline has no input: else PIPELINE_INPUT and END_OF_PIPELINE_INPUT follow. */
  readonly noInput: boolean;
  readonly addToHistory: boolean;
  readonly isNested: boolean;
  /** RemoteStreamOptions: bits that ask for invocation info in error 1, warning 2, debug 4 and verbose 8 records. */
  readonly remoteStreamOptions: number;
}

const apartmentStates = ['STA', 'MTA', 'Unknown'];

/** No host on the client's side: whatever would prompt fails at once instead of asking us (MS-PSRP 2.2.3.14). */
export function nullHostInfo(): PsObject {
  return psObject({
    _isHostNull: true,
    _isHostUINull: true,
    _isHostRawUINull: true,
    _useRunspaceHost: true,
  });
}

/** ApartmentState `Unknown`, which leaves it to the host. */
export function anyApartmentState(): PsObject {
  return enumOf('System.Threading.ApartmentState', apartmentStates, 2);
}

/** CREATE_PIPELINE. */
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
      // ExtraCmds repeats the first statement, so it stands for all where it is there.
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
    // Version 2 hosts read the pair above, later ones this.
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

/** Clients may write a name as it is typed: `-Name` or `-Name:`. */
function decodeParameter(value: PsValue): CommandParameter {
  const name = textOf(value, 'N')?.replace(/^-/, '').replace(/:$/, '');
  return { name: name === '' ? undefined : name, value: property(value, 'V') ?? null };
}
