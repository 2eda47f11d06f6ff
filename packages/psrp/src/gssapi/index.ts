/**
 * Negotiate authentication for WinRM through the system's GSSAPI: Kerberos and NTLM, client and server, with sealed
 * messages.
 */
export {
  NegotiateAcceptor,
  type AcceptedSession,
  type AcceptorOptions,
  type AcceptorVerdict,
} from './acceptor.ts';
export { tlsServerEndPoint } from './channel-bindings.ts';
export { keytabFrom, type KerberosIdentity } from './credentials.ts';
export {
  buildEncryptedBody,
  parseEncryptedBody,
  type ContentBody,
  type SealedPart,
} from './encrypted-body.ts';
export { GssapiError, GssapiUnavailableError, type GssapiErrorCode, type Status } from './errors.ts';
export {
  kerberos,
  ntlm,
  NegotiateAuthenticator,
  NegotiateConnection,
  type KerberosOptions,
  type NegotiateOptions,
  type NegotiateStep,
  type NegotiateTarget,
  type NtlmOptions,
} from './negotiate.ts';
export { outstanding, type Outstanding } from './binding.ts';
