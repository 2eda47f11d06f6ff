const negotiatePattern = /^Negotiate(?: +([A-Za-z0-9+/]+={0,2}))?$/i;

/** The value of an `Authorization` or `WWW-Authenticate` header that carries a token (RFC 4559 4). */
export function negotiateHeader(token: Buffer): string {
  return `Negotiate ${token.toString('base64')}`;
}

/** The token in the first of these values that is one of Negotiate; empty without a token, undefined without Negotiate. */
export function negotiateToken(values: readonly string[]): Buffer | undefined {
  for (const value of values) {
    const match = negotiatePattern.exec(value.trim());
    if (match !== null) return Buffer.from(match[1] ?? '', 'base64');
  }
  return undefined;
}
