import type { JSONWebKeySet, JWTPayload } from 'jose';

/** The requirements for the tokens of an issuer. */
export interface TokenRules {
  /** The accepted issuers; more than one for Entra ID. */
  readonly issuers: readonly string[];
  readonly audiences: readonly string[];
  /** The accepted signature algorithms. */
  readonly algorithms: readonly string[];
  /** The accepted types of the header, in lower case and without `application/`. */
  readonly types: readonly string[];
}

/** A verified token. */
export interface VerifiedToken {
  readonly claims: JWTPayload;
  readonly type: string | null;
}

/** Allowed difference between the clocks of the provider and of the service, in seconds. */
export const clockTolerance = 60;

/** Checks tokens that have already been verified. It can refuse them, but not admit others. */
export interface AdditionalVerifier {
  /**
   * Resolves if the token is acceptable.
   *
   * @throws TokenError if it is not; ProblemError if this cannot be decided at the moment.
   */
  assertAcceptable(token: string, keys: JSONWebKeySet): Promise<void>;
  close(): Promise<void>;
}
