import { ProblemError } from '../../problems/problem-error.ts';

/** The maximum length of a token. Node also limits all headers of a request together to 16 kB. */
const longestToken = 16_000;

/**
 * Returns the bearer token of an Authorization header; null if there is none, or one of another scheme (RFC 6750, 2.1).
 *
 * @throws ProblemError if the scheme is Bearer and the token is missing or malformed.
 */
export function bearerToken(authorization: string | undefined): string | null {
  const [scheme, ...rest] = (authorization ?? '').trim().split(/ +/);
  if (scheme?.toLowerCase() !== 'bearer') return null;
  const [token, ...more] = rest;
  if (token === undefined || more.length > 0) {
    throw new ProblemError(
      'bad-request',
      'The header Authorization is malformed. Send "Authorization: Bearer TOKEN".',
    );
  }
  if (token.length > longestToken) {
    throw new ProblemError('bad-request', `The bearer token is longer than ${longestToken} characters.`);
  }
  return token;
}
