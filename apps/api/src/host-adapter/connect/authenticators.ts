import { basic, type Authenticator } from '@aether-v/psrp/client';
import { kerberos, keytabFrom, ntlm } from '@aether-v/psrp/gssapi';
import type { Secret } from '../../config/secret.ts';
import type { HostScheme, ServicePrincipal } from '../../config/url-entry.ts';

/** The service's identities on hosts; null if not configured. */
export interface HostCredentials {
  readonly winrmUsername: string | null;
  readonly winrmPassword: Secret | null;
  readonly kerberosPrincipal: string | null;
  /** A path, or the content in base64. */
  readonly kerberosKeytab: Secret | null;
  readonly kerberosCcache: string | null;
  /** The service class of service principal names, unless a host specifies its own. */
  readonly kerberosService: string;
}

/**
 * One authenticator per scheme and service principal name, created on first use and shared by all hosts, since they use
 * the same credentials.
 */
export class Authenticators {
  readonly #credentials: HostCredentials;
  readonly #made = new Map<string, Authenticator>();

  constructor(credentials: HostCredentials) {
    this.#credentials = credentials;
  }

  /** Loads no system library yet: missing Kerberos or NTLM support is reported when a host is connected to. */
  of(scheme: HostScheme, spn: ServicePrincipal | null = null): Authenticator {
    const key = spn === null ? scheme : `${scheme} ${spn.service}/${spn.host}`;
    const made = this.#made.get(key) ?? this.#make(scheme, spn);
    this.#made.set(key, made);
    return made;
  }

  /** Discards all acquired credentials. */
  dispose(): void {
    for (const authenticator of this.#made.values()) authenticator.dispose?.();
    this.#made.clear();
  }

  #make(scheme: HostScheme, spn: ServicePrincipal | null): Authenticator {
    if (scheme === 'kerberos') return this.#kerberos(spn);
    const { winrmUsername: user, winrmPassword: password } = this.#credentials;
    // Unreachable: the configuration is rejected without them.
    if (user === null || password === null) throw new Error(`There are no credentials for ${scheme}.`);
    return scheme === 'basic' ? basic(user, password.reveal()) : ntlm({ user, password: password.reveal() });
  }

  #kerberos(spn: ServicePrincipal | null): Authenticator {
    const { kerberosPrincipal, kerberosKeytab, kerberosCcache, kerberosService } = this.#credentials;
    return kerberos({
      ...(spn ?? { service: kerberosService }),
      ...(kerberosPrincipal === null ? {} : { principal: kerberosPrincipal }),
      ...(kerberosKeytab === null ? {} : { keytab: keytabFrom(kerberosKeytab.reveal()) }),
      ...(kerberosCcache === null ? {} : { ccache: kerberosCcache }),
    });
  }
}
