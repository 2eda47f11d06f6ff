const negotiatePattern = /^Negotiate(?: +([A-Za-z0-9+/]+={0,2}))?$/i;

/** Returns the value of an `Authorization` or `WWW-Authenticate` header with a token (RFC 4559 4). */
export function negotiateHeader(token: Buffer): string {
  return `Negotiate ${token.toString('base64')}`;
}

/** Returns the token of the first Negotiate value; empty if it has no token, undefined if no value is Negotiate. */
export function negotiateToken(values: readonly string[]): Buffer | undefined {
  for (const value of values) {
    const match = negotiatePattern.exec(value.trim());
    if (match !== null) return Buffer.from(match[1] ?? '', 'base64');
  }
  return undefined;
}
