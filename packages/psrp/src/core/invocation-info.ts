import { property, PsObject, type PsValue } from '../clixml/index.ts';
import { integerOf, textOf } from './codec.ts';

/** Where in a script, and in which command, something happened (System.Management.Automation.InvocationInfo). */
export interface InvocationInfo {
  readonly command: string | undefined;
  /** The name that the command was called by: an alias, `&`, `.`, ... */
  readonly invocationName: string | undefined;
  readonly scriptName: string | undefined;
  /** Counts from 1; 0 where there is no script. */
  readonly scriptLineNumber: number | undefined;
  /** Counts from 1. */
  readonly offsetInLine: number | undefined;
  readonly line: string | undefined;
  /** The line with a mark under the place, as PowerShell shows it. */
  readonly positionMessage: string | undefined;
}

/**
 * A record's invocation info, or undefined. It stands in a property of its own, or, where the client asked for extended
 * information, flat in properties that begin with `InvocationInfo_` (MS-PSRP 2.2.3.15.1).
 */
export function invocationInfoOf(record: PsValue, flat: boolean): InvocationInfo | undefined {
  const source = flat ? record : property(record, 'InvocationInfo');
  if (!(source instanceof PsObject)) return undefined;
  const name = (part: string): string => (flat ? `InvocationInfo_${part}` : part);
  return {
    command: textOf(source, flat ? 'CommandInfo_Name' : 'MyCommand'),
    invocationName: textOf(source, name('InvocationName')),
    scriptName: textOf(source, name('ScriptName')),
    scriptLineNumber: integerOf(source, name('ScriptLineNumber')),
    offsetInLine: integerOf(source, name('OffsetInLine')),
    line: textOf(source, name('Line')),
    positionMessage: textOf(source, name('PositionMessage')),
  };
}
