const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';

/** The pattern of a host name or domain name in lower case (RFC 1123, 2.1), without its maximum of 253 characters. */
export const hostNamePattern = `^${label}(?:\\.${label})*$`;
