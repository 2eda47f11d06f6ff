/** PowerShell Remoting server: WS-Management over HTTP in front of shell backends, with the behaviour of real hosts. */
export {
  basicAuthentication,
  sameSecret,
  type Acceptance,
  type AuthenticationVerdict,
  type MessageSession,
  type ServerAuthentication,
} from './authentication.ts';
export { systemClock, type Clock } from './clock.ts';
export type {
  BackendCommand,
  BackendShell,
  CommandOpening,
  InputStream,
  OutputSink,
  ShellBackend,
  ShellOpening,
  ShellSignal,
} from './shell-backend.ts';
export type { WsmanReply } from './reply.ts';
export type { CountedAction, Traffic } from './traffic.ts';
export type { EndpointQuotas } from './quotas.ts';
export type { ShellPacing } from './shell-session.ts';
export type { InterceptedRequest, Interceptor, WsmanListenerOptions } from './listener-options.ts';
export { realHostPacing, routeByPath, WsmanListener } from './wsman-listener.ts';
export {
  commandShell,
  type CommandLineContext,
  type CommandLineHandler,
  type CommandLineOpening,
  type CommandShell,
  type CommandShellBackend,
  type CommandShellOpening,
} from './command-shell.ts';
export { serveListener, type ServedHandler, type ServeOptions } from './serve.ts';
export { createPsrpShell, type PsrpShellOptions } from './psrp-backend.ts';
export { CommandError, type CommandContext, type CommandHandler } from './psrp-command.ts';
