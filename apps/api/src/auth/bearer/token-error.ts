/**
 * A token is refused. The message is sent to its holder: printable ASCII without quotes and backslashes, as
 * `error_description` requires (RFC 6750, 3).
 */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}
