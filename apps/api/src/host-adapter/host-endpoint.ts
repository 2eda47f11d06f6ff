/** One configured host: where it is reached. Who it is, only its agent can say. */
export interface HostEndpoint {
  /** The URL as configured, without credentials: the key under which the service knows the host. */
  readonly address: string;
  readonly url: URL;
  /** Stands for the host's id until its agent says the real one. */
  readonly provisionalId: string;
}

/**
 * The endpoint that a configured URL names.
 *
 * @throws TypeError when it is no URL.
 */
export function hostEndpoint(configured: string): HostEndpoint {
  const url = new URL(configured);
  url.username = '';
  url.password = '';
  return { address: url.href, url, provisionalId: provisionalId(url) };
}

/** A host id (lower-case letters, digits, dots, hyphens) made of host name, port and path; no computer is named so. */
function provisionalId(url: URL): string {
  const text = `${url.host}${url.pathname}`.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-');
  return `at-${text}`.slice(0, 255).replaceAll(/[^a-z0-9]+$/g, '');
}
