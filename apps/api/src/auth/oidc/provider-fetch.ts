import { getCACertificates } from 'node:tls';
import { EnvHttpProxyAgent, fetch as undiciFetch, type BodyInit, type HeadersInit } from 'undici';
import { isLoopback } from '../../config/loopback.ts';
import { ProviderError, toProviderError } from './provider-error.ts';

/** Limits and trust of requests to the identity provider. */
export interface ProviderFetchOptions {
  /** PEM certificates of authorities to trust in addition to the well-known ones (OIDC_CA_FILE). */
  readonly caCertificates: string | null;
  /** The limit of a request including its body and redirects. */
  readonly timeoutMs?: number;
  /** The limit of a response body. */
  readonly maximumBytes?: number;
}

/** A request as openid-client makes it. Its redirect mode is ignored: see `ProviderFetch.fetch`. */
export interface ProviderRequest {
  readonly method?: string | undefined;
  readonly headers?: HeadersInit | undefined;
  readonly body?: BodyInit | null | undefined;
  readonly signal?: AbortSignal | null | undefined;
  readonly redirect?: string | undefined;
}

const maximumRedirects = 3;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const bodylessStatuses = new Set([204, 205, 304]);

/**
 * Requests to the identity provider: through the proxy of the environment (HTTPS_PROXY, NO_PROXY), with the operator's
 * authorities, a time limit and a size limit. Redirects are followed for GET within the same origin only, so that a
 * provider cannot direct the service to other servers.
 */
export class ProviderFetch {
  readonly #agent: EnvHttpProxyAgent;
  readonly #timeoutMs: number;
  readonly #maximumBytes: number;

  constructor({ caCertificates, timeoutMs = 10_000, maximumBytes = 1_048_576 }: ProviderFetchOptions) {
    const tls = caCertificates === null ? {} : { ca: [...getCACertificates('default'), caCertificates] };
    this.#agent = new EnvHttpProxyAgent({ connect: tls, requestTls: tls, proxyTls: tls });
    this.#timeoutMs = timeoutMs;
    this.#maximumBytes = maximumBytes;
  }

  /**
   * Fetches like the global `fetch`; usable as `customFetch` of openid-client. The body has arrived when it resolves.
   *
   * @throws ProviderError if there is no response, or one that exceeds the limits; the signal's reason if it aborts.
   */
  readonly fetch = async (address: string | URL, request: ProviderRequest = {}): Promise<Response> => {
    const url = new URL(address);
    const limit = AbortSignal.timeout(this.#timeoutMs);
    const signal = request.signal == null ? limit : AbortSignal.any([request.signal, limit]);
    try {
      return await this.#follow(url, { ...request, signal });
    } catch (error) {
      if (request.signal?.aborted === true) throw request.signal.reason;
      throw toProviderError(limit.aborted ? limit.reason : error, url, this.#timeoutMs);
    }
  };

  /** Returns the JSON object at an address. @throws ProviderError if the response is anything else. */
  async readJson(address: string | URL, signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    const response = await this.fetch(address, { headers: { accept: 'application/json' }, signal });
    const text = await response.text();
    if (response.status !== 200) {
      throw new ProviderError(
        `The identity provider answered ${String(address)} with status ${response.status}.`,
      );
    }
    return jsonObject(text, String(address));
  }

  /** Ends all connections and requests. */
  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #follow(start: URL, request: ProviderRequest): Promise<Response> {
    let url = start;
    for (let redirects = 0; redirects <= maximumRedirects; redirects += 1) {
      assertProtected(url);
      const { method = 'GET', headers, body = null, signal = null } = request;
      const response = await undiciFetch(url, {
        method,
        body,
        signal,
        redirect: 'manual',
        dispatcher: this.#agent,
        ...(headers === undefined ? {} : { headers }),
      });
      const location = response.headers.get('location');
      if (!redirectStatuses.has(response.status) || method !== 'GET' || location === null) {
        return await this.#received(response, url);
      }
      await response.body?.cancel();
      url = nextUrl(location, url);
    }
    throw new ProviderError(`The identity provider redirected ${start.href} too often.`);
  }

  /** Reads the body within its limit, and returns a response that holds it. */
  async #received(response: Awaited<ReturnType<typeof undiciFetch>>, url: URL): Promise<Response> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of response.body ?? []) {
      const bytes = part as Uint8Array;
      size += bytes.byteLength;
      // Leaving the loop cancels the rest of the body.
      if (size > this.#maximumBytes) {
        throw new ProviderError(`The response of ${url.href} is larger than ${this.#maximumBytes} bytes.`);
      }
      parts.push(bytes);
    }
    const { status, statusText } = response;
    return new Response(bodylessStatuses.has(status) ? null : Buffer.concat(parts), {
      status,
      statusText,
      headers: [...response.headers],
    });
  }
}

function nextUrl(location: string, from: URL): URL {
  const next = URL.parse(location, from.href);
  if (next?.origin === from.origin) return next;
  throw new ProviderError(
    `The identity provider redirects ${from.href} to another server, which is not followed. Set OIDC_ISSUER_URL to the address that it redirects to.`,
  );
}

function assertProtected(url: URL): void {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return;
  throw new ProviderError(
    `${url.href} cannot be used: the identity provider must be reached over https (http only on this machine).`,
  );
}

function jsonObject(text: string, address: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
  } catch {
    // Reported below, as for JSON that is not an object.
  }
  throw new ProviderError(
    `The identity provider answered ${address} with something other than a JSON object. A proxy may have answered in its place.`,
  );
}
