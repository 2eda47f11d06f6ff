/** System.Management.Automation.ErrorCategory, each name at the place of its number. */
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

/** A name of System.Management.Automation.ErrorCategory. */
export type ErrorCategory = (typeof errorCategories)[number];

/** The category with that number; what we do not know is not specified. */
export function errorCategoryOf(value: number | undefined): ErrorCategory {
  return errorCategories[value ?? 0] ?? 'NotSpecified';
}
