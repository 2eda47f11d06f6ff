import type { SignatureDemand } from '../keys/stored-key.ts';
import type { Principal } from './principal.ts';

/** A principal and the credential that identified it. */
export interface Authentication {
  readonly principal: Principal;
  readonly method: 'local' | 'session' | 'bearer' | 'key';
  /** Identifies the credential, such as a session. Event streams end with it. */
  readonly credentialId: string;
  /** The time when the credential ends, in milliseconds since 1970; null if it does not end. */
  readonly expiresAt: number | null;
  /** Returns whether the credential has ended since. Checked when an event stream begins. */
  readonly hasEnded?: () => boolean;
  /** For the method `key`: the signature that requests need in addition to the key. */
  readonly signature?: SignatureDemand;
}
