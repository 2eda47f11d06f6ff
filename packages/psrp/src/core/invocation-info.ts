import { property, PsObject, type PsValue } from '../clixml/index.ts';
import { integerOf, textOf } from './codec.ts';

/** Command and script position of a record (System.Management.Automation.InvocationInfo). */
export interface InvocationInfo {
  readonly command: string | undefined;
  /** Name by which the command was called, for example an alias, `&` or `.`. */
  readonly invocationName: string | undefined;
  readonly scriptName: string | undefined;
  /** Counts from 1; 0 if there is no script. */
  readonly scriptLineNumber: number | undefined;
  /** Counts from 1. */
  readonly offsetInLine: number | undefined;
  readonly line: string | undefined;
  /** Line with a mark under the position, as PowerShell displays it. */
  readonly positionMessage: string | undefined;
}

/**
 * Returns the invocation info of a record; undefined if there is none. It is in a separate property or, if the client
 * requested extended information, in properties of the record with the prefix `InvocationInfo_` (MS-PSRP 2.2.3.15.1).
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
