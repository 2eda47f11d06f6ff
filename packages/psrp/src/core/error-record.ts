import { property, PsObject, type PsValue } from '../clixml/index.ts';
import { flagOf, integerOf, textOf } from './codec.ts';
import { errorCategories, errorCategoryOf, type ErrorCategory } from './error-category.ts';
import { invocationInfoOf, type InvocationInfo } from './invocation-info.ts';

/** A .NET exception as it came over the wire. */
export interface ExceptionInfo {
  /** The most derived type, without the `Deserialized.` that a second serialisation adds. */
  readonly type: string;
  readonly message: string;
  /** What `ToString()` gave: usually type, message and stack of the host. */
  readonly text: string | undefined;
  readonly hresult: number | undefined;
  readonly stackTrace: string | undefined;
  readonly inner: ExceptionInfo | undefined;
}

/** A PowerShell error record (MS-PSRP 2.2.3.15). */
export interface ErrorRecord {
  /** What a person reads: the error's details if it has any, else the exception's message. */
  readonly message: string;
  readonly fullyQualifiedErrorId: string;
  readonly category: ErrorCategory;
  readonly activity: string;
  readonly reason: string;
  readonly targetName: string;
  readonly targetType: string;
  readonly targetObject: PsValue;
  readonly exception: ExceptionInfo | undefined;
  readonly invocation: InvocationInfo | undefined;
  readonly scriptStackTrace: string | undefined;
  readonly recommendedAction: string | undefined;
  /** The record as it came, with whatever else it holds. */
  readonly source: PsObject;
}

/** What it takes to make an error record; the rest is what PowerShell would put there. */
export interface ErrorRecordParts {
  readonly message: string;
  readonly fullyQualifiedErrorId: string;
  readonly category?: ErrorCategory;
  /** From the most derived .NET type up; System.Exception and System.Object by default. */
  readonly exceptionTypes?: readonly string[];
  /** The cmdlet at fault. */
  readonly activity?: string;
  readonly target?: { readonly name: string; readonly type: string };
  readonly targetObject?: PsValue;
  readonly scriptStackTrace?: string;
}

/** How deep chains of inner exceptions are followed: references can make them a ring. */
const maxInnerExceptions = 16;

/** Reads an error record; undefined if the value is none. */
export function decodeErrorRecord(value: PsValue | undefined): ErrorRecord | undefined {
  if (!(value instanceof PsObject) || textOf(value, 'FullyQualifiedErrorId') === undefined) return undefined;
  const exception = exceptionOf(property(value, 'Exception'), maxInnerExceptions);
  return {
    message: textOf(value, 'ErrorDetails_Message') ?? exception?.message ?? value.toStringText ?? '',
    fullyQualifiedErrorId: textOf(value, 'FullyQualifiedErrorId') ?? '',
    category: errorCategoryOf(integerOf(value, 'ErrorCategory_Category')),
    activity: textOf(value, 'ErrorCategory_Activity') ?? '',
    reason: textOf(value, 'ErrorCategory_Reason') ?? '',
    targetName: textOf(value, 'ErrorCategory_TargetName') ?? '',
    targetType: textOf(value, 'ErrorCategory_TargetType') ?? '',
    targetObject: property(value, 'TargetObject') ?? null,
    exception,
    invocation: invocationInfoOf(value, flagOf(value, 'SerializeExtendedInfo') ?? false),
    scriptStackTrace: textOf(value, 'ErrorDetails_ScriptStackTrace'),
    recommendedAction: textOf(value, 'ErrorDetails_RecommendedAction'),
    source: value,
  };
}

/** Makes an error record as PowerShell serialises one. */
export function encodeErrorRecord(parts: ErrorRecordParts): PsObject {
  const category = parts.category ?? 'NotSpecified';
  const types = parts.exceptionTypes ?? ['System.Exception', 'System.Object'];
  const reason = (types[0] ?? 'Exception').split('.').at(-1) ?? '';
  const { name = '', type = '' } = parts.target ?? {};
  const activity = parts.activity ?? '';
  const summary = `${category}: (${name}:${type}) [${activity}], ${reason}`;
  const entries: [string, PsValue][] = [
    ['Exception', encodeException(types, parts.message)],
    ['TargetObject', parts.targetObject ?? null],
    ['FullyQualifiedErrorId', parts.fullyQualifiedErrorId],
    ['InvocationInfo', null],
    ['ErrorCategory_Category', errorCategories.indexOf(category)],
    ['ErrorCategory_Activity', activity],
    ['ErrorCategory_Reason', reason],
    ['ErrorCategory_TargetName', name],
    ['ErrorCategory_TargetType', type],
    ['ErrorCategory_Message', summary],
    ['SerializeExtendedInfo', false],
  ];
  if (parts.scriptStackTrace !== undefined) {
    entries.push(['ErrorDetails_ScriptStackTrace', parts.scriptStackTrace]);
  }
  return new PsObject({
    typeNames: ['System.Management.Automation.ErrorRecord', 'System.Object'],
    toStringText: parts.message,
    extended: new Map(entries),
  });
}

function encodeException(typeNames: readonly string[], message: string): PsObject {
  return new PsObject({
    typeNames,
    toStringText: `${typeNames[0] ?? 'System.Exception'}: ${message}`,
    adapted: new Map<string, PsValue>([
      ['Message', message],
      ['InnerException', null],
      ['HelpLink', null],
      ['Source', null],
      ['HResult', -2146233088],
      ['StackTrace', null],
    ]),
  });
}

function exceptionOf(value: PsValue | undefined, depth: number): ExceptionInfo | undefined {
  if (!(value instanceof PsObject) || depth === 0) return undefined;
  return {
    type: (value.typeNames[0] ?? 'System.Exception').replace(/^Deserialized\./, ''),
    message: textOf(value, 'Message') ?? value.toStringText ?? '',
    text: value.toStringText,
    hresult: integerOf(value, 'HResult'),
    stackTrace: textOf(value, 'StackTrace'),
    inner: exceptionOf(property(value, 'InnerException'), depth - 1),
  };
}
