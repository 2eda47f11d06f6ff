import { property, PsObject, type PsValue } from '../clixml/index.ts';
import { flagOf, integerOf, textOf } from './codec.ts';
import { errorCategories, errorCategoryOf, type ErrorCategory } from './error-category.ts';
import { invocationInfoOf, type InvocationInfo } from './invocation-info.ts';

/** Deserialized .NET exception. */
export interface ExceptionInfo {
  /** Most derived type, without the prefix `Deserialized.` of a second serialization. */
  readonly type: string;
  readonly message: string;
  /** Result of `ToString()`: usually type, message and stack trace on the host. */
  readonly text: string | undefined;
  readonly hresult: number | undefined;
  readonly stackTrace: string | undefined;
  readonly inner: ExceptionInfo | undefined;
}

/** PowerShell error record (MS-PSRP 2.2.3.15). */
export interface ErrorRecord {
  /** Message for display: ErrorDetails if present, otherwise the message of the exception. */
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
  /** Received record, including all other properties. */
  readonly source: PsObject;
}

/** Parts of a new error record; the remaining properties are set as PowerShell does. */
export interface ErrorRecordParts {
  readonly message: string;
  readonly fullyQualifiedErrorId: string;
  readonly category?: ErrorCategory;
  /** .NET types, most derived first. Default System.Exception and System.Object. */
  readonly exceptionTypes?: readonly string[];
  /** Cmdlet that caused the error. */
  readonly activity?: string;
  readonly target?: { readonly name: string; readonly type: string };
  readonly targetObject?: PsValue;
  readonly scriptStackTrace?: string;
}

/** Maximum depth of inner exceptions: references can form a cycle. */
const maxInnerExceptions = 16;

/** Decodes an error record. Returns undefined if the value is not one. */
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

/** Encodes an error record as PowerShell serializes it. */
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
