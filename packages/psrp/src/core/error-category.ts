/** Names of System.Management.Automation.ErrorCategory, indexed by their number. */
export const errorCategories = [
  'NotSpecified',
  'OpenError',
  'CloseError',
  'DeviceError',
  'DeadlockDetected',
  'InvalidArgument',
  'InvalidData',
  'InvalidOperation',
  'InvalidResult',
  'InvalidType',
  'MetadataError',
  'NotImplemented',
  'NotInstalled',
  'ObjectNotFound',
  'OperationStopped',
  'OperationTimeout',
  'SyntaxError',
  'ParserError',
  'PermissionDenied',
  'ResourceBusy',
  'ResourceExists',
  'ResourceUnavailable',
  'ReadError',
  'WriteError',
  'FromStdErr',
  'SecurityError',
  'ProtocolError',
  'ConnectionError',
  'AuthenticationError',
  'LimitsExceeded',
  'QuotaExceeded',
  'NotEnabled',
] as const;

/** Name in System.Management.Automation.ErrorCategory. */
export type ErrorCategory = (typeof errorCategories)[number];

/** Returns the category with this number; `NotSpecified` if it is undefined or unknown. */
export function errorCategoryOf(value: number | undefined): ErrorCategory {
  return errorCategories[value ?? 0] ?? 'NotSpecified';
}
