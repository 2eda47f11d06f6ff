import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostEntry, type HostEntry } from './host-entry.ts';
import type { Parser } from './parser.ts';
import { Secret } from './secret.ts';

/** An integer in a range. */
export function integer(minimum: number, maximum: number): Parser<number> {
  return (text) => {
    const value = /^-?[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return { value };
    return { problem: `must be a whole number from ${minimum} to ${maximum}, not "${text}"` };
  };
}

/** Yes or no. */
export const flag: Parser<boolean> = (text) => {
  if (text === 'true' || text === '1') return { value: true };
  if (text === 'false' || text === '0') return { value: false };
  return { problem: `must be true or false, not "${text}"` };
};

/** Any text of at most so many characters. */
export function text(maximum: number): Parser<string> {
  return (value) =>
    value.length <= maximum ? { value } : { problem: `must not be longer than ${maximum} characters` };
}

/** A text that must not be shown. */
export const secret: Parser<Secret> = (value) => ({ value: new Secret(value) });

/** An IP address to listen on; `localhost` stands for 127.0.0.1. */
export const bindAddress: Parser<string> = (value) => {
  if (value === 'localhost') return { value: '127.0.0.1' };
  return isIP(value) === 0 ? { problem: `must be an IP address, not "${value}"` } : { value };
};

/** A comma list of what one parser reads; empty entries are skipped, every bad entry is named. */
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

/** A name as written in a Host header, without a port. */
export const hostHeaderName: Parser<string> = (value) =>
  /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]+\])$/i.test(value)
    ? { value: value.toLowerCase() }
    : { problem: `"${value}" is not a host name without a port` };

/** The path of a file with certificates (PEM); the value is what the file holds. */
export const certificateFile: Parser<string> = (path) => {
  try {
    const pem = readFileSync(path, 'utf8');
    const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (certificates.length === 0) return { problem: `${path} holds no certificate (PEM)` };
    // Refuses what only looks like a certificate.
    certificates.forEach((certificate) => new X509Certificate(certificate));
    return { value: pem };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'for a reason unknown';
    return { problem: `${path} cannot be read: ${why}` };
  }
};

/** A name that the shells of hosts can carry beside what the service adds to it. */
export const serviceName: Parser<string> = (value) =>
  /^\w[\w.-]{0,39}$/.test(value)
    ? { value }
    : { problem: `must be 1 to 40 letters, digits, dots, hyphens or underscores, not "${value}"` };

/** The first part of a service principal name. */
export const serviceClass: Parser<string> = (value) =>
  /^[a-z][\w-]{0,31}$/i.test(value)
    ? { value }
    : { problem: `must be the first part of a service principal name, such as WSMAN, not "${value}"` };

/** A folder of a Windows machine, absolute, of nothing that a command line takes for more than a name. */
export const windowsFolder: Parser<string> = (value) =>
  /^[a-z]:\\[\w .()\\-]{1,200}$/i.test(value) && !value.endsWith('\\')
    ? { value }
    : { problem: `must be an absolute path of Windows without a last backslash, not "${value}"` };

/** One of these words. */
export function oneOf<T extends string>(words: readonly [T, ...T[]]): Parser<T> {
  return (value) => {
    const word = words.find((one) => one === value);
    return word === undefined
      ? { problem: `must be one of ${words.join(', ')}, not "${value}"` }
      : { value: word };
  };
}

/** The address of a folder on a web server, by HTTPS. */
export const httpsFolder: Parser<string> = (value) => {
  const url = URL.parse(value);
  const isPlain = url?.protocol === 'https:' && url.username === '' && url.search === '' && url.hash === '';
  return isPlain
    ? { value }
    : { problem: 'must be an https:// address without credentials, query and fragment' };
};

/** A comma list of hosts. Where credentials could be in it, nothing of it is repeated. */
export const hyperVHosts: Parser<readonly HostEntry[]> = (value) =>
  value.includes('@')
    ? { problem: 'must not hold credentials (nor any @); they belong into WINRM_USERNAME and WINRM_PASSWORD' }
    : listOf(hostEntry)(value);
