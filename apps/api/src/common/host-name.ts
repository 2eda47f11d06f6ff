import { isIP } from 'node:net';

/**
 * Returns whether two texts name the same computer. Names are compared case-insensitively and without the final dot of
 * an absolute DNS name (RFC 4343, RFC 1034 3.1). A name without a domain (NetBIOS, as clusters name their nodes)
 * matches that label in any domain; two names with a domain must agree in all labels. An IP address matches only
 * itself.
 */
export function isSameHost(one: string, other: string): boolean {
  const [a, b] = [normalizeHostName(one), normalizeHostName(other)];
  if (a === '' || b === '') return false;
  if (a === b) return true;
  if (isAddress(a) || isAddress(b)) return false;
  const [labelsOfA, labelsOfB] = [a.split('.'), b.split('.')];
  if (labelsOfA.length > 1 && labelsOfB.length > 1) return false;
  return labelsOfA[0] === labelsOfB[0];
}

/**
 * Returns the canonical spelling of a host name: lower case, no final dot, IPv6 without brackets and in its shortest
 * form.
 */
function normalizeHostName(name: string): string {
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  return isIP(plain) === 6 && !plain.includes('%')
    ? new URL(`http://[${plain}]/`).hostname.slice(1, -1)
    : plain;
}

function isAddress(name: string): boolean {
  return isIP(name) !== 0;
}
