/** PowerShell Remoting client: runspace pools, and the transports that carry them to a host. */
export {
  basic,
  type AuthenticationStep,
  type Authenticator,
  type Challenge,
  type ConnectionAuthentication,
  type ConnectionTarget,
} from './authenticator.ts';
export type { MessageBody } from '../wsman/index.ts';
export { OptionError } from '../core/index.ts';
export { CertificateError, type ServerCertificate } from './server-certificate.ts';
export type { TlsOptions } from './tls-policy.ts';
export { WsmanError, type WsmanErrorCode } from './errors.ts';
export {
  FragmentsTooLargeError,
  type FragmentBudget,
  type PipelineSignal,
  type PsrpTransport,
  type SendStream,
  type TransportOpening,
} from './transport.ts';
export { WsmanClient } from './wsman-client.ts';
export {
  lifeName,
  sweepShells,
  type FailedSweep,
  type SweepOptions,
  type SweepResult,
} from './sweep-shells.ts';
export type { RequestObservation, WsmanClientOptions, WsmanTransportOptions } from './wsman-options.ts';
export { wsmanTransport } from './wsman-transport.ts';
export type { Command, Invocation, InvocationParts, NamedCommand, Script } from './command.ts';
export { Pipeline } from './pipeline.ts';
export type { PipelineInput } from './pipeline-input.ts';
export {
  maxKeptErrors,
  type CollectedResult,
  type PipelineEvents,
  type PipelineOptions,
  type PipelineResult,
} from './pipeline-types.ts';
export type { PoolCallOptions } from './pool-calls.ts';
export { RunspacePool } from './runspace-pool.ts';
export type { RunspacePoolOptions } from './runspace-pool-options.ts';
