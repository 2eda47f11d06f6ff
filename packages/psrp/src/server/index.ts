/** The server half: WS-Management over HTTP in front of whatever serves shells, with the manners of real hosts. */
export {
  basicAuthentication,
  sameSecret,
  type AuthenticationVerdict,
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
export type { ShellPacing } from './shell-session.ts';
export {
  REAL_HOST_PACING,
  routeByPath,
  WsmanListener,
  type CountedAction,
  type InterceptedRequest,
  type Interceptor,
  type WsmanListenerOptions,
  type WsmanReply,
} from './wsman-listener.ts';
