/** The identity provider cannot be reached, or its response is unusable. The message is for operators. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
}

/** TLS errors that OIDC_CA_FILE can resolve (error codes of OpenSSL in Node). */
const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Converts any error of a request to the provider at `url`. */
export function toProviderError(error: unknown, url: URL, timeoutMs: number): ProviderError {
  if (error instanceof ProviderError) return error;
  const { origin } = url;
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new ProviderError(`The identity provider ${origin} did not answer within ${timeoutMs / 1000} s.`);
  }
  const { code, message } = rootOf(error);
  const reason = code === undefined ? message : code;
  const remedy =
    code !== undefined && untrusted.has(code)
      ? ' Its certificate is not trusted: set OIDC_CA_FILE to a PEM file of the authority that issued it.'
      : '';
  return new ProviderError(`The identity provider ${origin} cannot be reached (${reason}).${remedy}`, {
    cause: error,
  });
}

/** `fetch` reports "fetch failed"; the reason is its innermost cause. */
function rootOf(error: unknown): { readonly code?: string; readonly message: string } {
  let root = error;
  for (let depth = 0; depth < 8 && root instanceof Error && root.cause instanceof Error; depth += 1)
    root = root.cause;
  if (!(root instanceof Error)) return { message: 'unknown reason' };
  const code = 'code' in root && typeof root.code === 'string' ? root.code : undefined;
  return { message: root.message, ...(code === undefined ? {} : { code }) };
}
