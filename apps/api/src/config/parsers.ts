import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostEntry, type HostEntry } from './host-entry.ts';
import type { Parser } from './parser.ts';
import { Secret } from './secret.ts';

/** Parses an integer within bounds. */
export function integer(minimum: number, maximum: number): Parser<number> {
  return (text) => {
    const value = /^-?[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return { value };
    return { problem: `must be a whole number from ${minimum} to ${maximum}, not "${text}"` };
  };
}

/** Parses `true` or `false`. */
export const flag: Parser<boolean> = (text) => {
  if (text === 'true' || text === '1') return { value: true };
  if (text === 'false' || text === '0') return { value: false };
  return { problem: `must be true or false, not "${text}"` };
};

/** Parses any text up to a maximum number of characters. */
export function text(maximum: number): Parser<string> {
  return (value) =>
    value.length <= maximum ? { value } : { problem: `must not be longer than ${maximum} characters` };
}

/** Parses a text that must not be logged. */
export const secret: Parser<Secret> = (value) => ({ value: new Secret(value) });

/** Parses a secret key that is too long to be guessed. */
export const key: Parser<Secret> = (value) =>
  value.length < 32 ? { problem: 'must have at least 32 characters' } : { value: new Secret(value) };

/** Parses a list of secret keys, newest first. */
export const secretKeys: Parser<readonly Secret[]> = (value) => listOf(key)(value);

/** Parses an IP address or a range of addresses (`10.0.0.0/8`). */
export const networkAddress: Parser<string> = (value) => {
  const [address = '', length, ...rest] = value.split('/');
  const family = isIP(address);
  const isRange =
    length === undefined || (/^[0-9]{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128));
  return family !== 0 && isRange && rest.length === 0 && !address.includes('%')
    ? { value }
    : { problem: `"${value}" is not an IP address or a range such as 10.0.0.0/8` };
};

/** Parses an http or https address without credentials, query and fragment. */
export const httpUrl: Parser<string> = (value) => {
  const url = URL.parse(value);
  const isPlain =
    (url?.protocol === 'https:' || url?.protocol === 'http:') &&
    url.username === '' &&
    url.search === '' &&
    url.hash === '';
  return isPlain
    ? { value }
    : {
        problem: `must be an http:// or https:// address without credentials, query and fragment, not "${value}"`,
      };
};

/** Parses an IP address to listen on; `localhost` means 127.0.0.1. */
export const bindAddress: Parser<string> = (value) => {
  if (value === 'localhost') return { value: '127.0.0.1' };
  return isIP(value) === 0 ? { problem: `must be an IP address, not "${value}"` } : { value };
};

/** Parses a comma-separated list; empty entries are skipped, and each invalid entry is reported. */
export function listOf<T>(entry: Parser<T>): Parser<readonly T[]> {
  return (value) => {
    const parsed = value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map(entry);
    const problems = parsed.flatMap((result) => ('problem' in result ? [result.problem] : []));
    if (problems.length > 0) return { problem: problems.join('; ') };
    return { value: parsed.flatMap((result) => ('value' in result ? [result.value] : [])) };
  };
}

/** Parses a name as sent in a Host header, without a port. */
export const hostHeaderName: Parser<string> = (value) =>
  /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]+\])$/i.test(value)
    ? { value: value.toLowerCase() }
    : { problem: `"${value}" is not a host name without a port` };

/** Reads a PEM certificate file from a path; the value is the file's content. */
export const certificateFile: Parser<string> = (path) => {
  try {
    const pem = readFileSync(path, 'utf8');
    const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (certificates.length === 0) return { problem: `${path} contains no PEM certificate` };
    // Rejects text that only looks like a certificate.
    certificates.forEach((certificate) => new X509Certificate(certificate));
    return { value: pem };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'for an unknown reason';
    return { problem: `${path} cannot be read: ${why}` };
  }
};

/** Parses an installation name short enough to fit into shell names on hosts together with the service's suffix. */
export const serviceName: Parser<string> = (value) =>
  /^\w[\w.-]{0,39}$/.test(value)
    ? { value }
    : { problem: `must be 1 to 40 letters, digits, dots, hyphens or underscores, not "${value}"` };

/** Parses a service class, the first part of a service principal name. */
export const serviceClass: Parser<string> = (value) =>
  /^[a-z][\w-]{0,31}$/i.test(value)
    ? { value }
    : {
        problem: `must be a service class (the first part of a service principal name, such as WSMAN), not "${value}"`,
      };

/** Parses an absolute Windows folder without characters that a command line interprets. */
export const windowsFolder: Parser<string> = (value) =>
  /^[a-z]:\\[\w .()\\-]{1,200}$/i.test(value) && !value.endsWith('\\')
    ? { value }
    : { problem: `must be an absolute Windows path without a trailing backslash, not "${value}"` };

/** Parses one of the given words. */
export function oneOf<T extends string>(words: readonly [T, ...T[]]): Parser<T> {
  return (value) => {
    const word = words.find((one) => one === value);
    return word === undefined
      ? { problem: `must be one of ${words.join(', ')}, not "${value}"` }
      : { value: word };
  };
}

/** Parses the HTTPS address of a folder on a web server. */
export const httpsFolder: Parser<string> = (value) => {
  const url = URL.parse(value);
  const isPlain = url?.protocol === 'https:' && url.username === '' && url.search === '' && url.hash === '';
  return isPlain
    ? { value }
    : { problem: 'must be an https:// address without credentials, query or fragment' };
};

/** Parses a comma-separated list of hosts. An entry that may contain credentials is not repeated in the error. */
export const hyperVHosts: Parser<readonly HostEntry[]> = (value) =>
  value.includes('@')
    ? { problem: 'must not contain credentials or any @. Set WINRM_USERNAME and WINRM_PASSWORD instead' }
    : listOf(hostEntry)(value);
