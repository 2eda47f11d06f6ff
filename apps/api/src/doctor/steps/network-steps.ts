import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { networkProblem } from '../../host-adapter/errors/network-meaning.ts';
import { tlsProblem } from '../../host-adapter/errors/tls-meaning.ts';
import { certificateFacts, judgeCertificate, type TlsSettings } from './certificate.ts';
import { failedBy, passed, type Finding } from './step.ts';

/** Returns the host name of a URL in the form sockets need: IPv6 addresses without brackets. */
export function hostnameOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Returns the port of a URL, or the default port of its scheme. */
function portOf(url: URL): number {
  return Number(url.port !== '' ? url.port : url.protocol === 'https:' ? 443 : 80);
}

/** Resolves the addresses of a name. */
export async function resolveName(url: URL): Promise<Finding> {
  try {
    const found = await lookup(hostnameOf(url), { all: true });
    return passed(found.map(({ address }) => address).join(', '));
  } catch (error) {
    return failedBy(networkProblem(error));
  }
}

/** Opens and closes a TCP connection. */
export async function connectOnce(url: URL, signal: AbortSignal): Promise<Finding> {
  const made = Promise.withResolvers<Finding>();
  const [host, port] = [hostnameOf(url), portOf(url)];
  const socket = connect({ host, port, signal });
  socket.once('connect', () => made.resolve(passed(`port ${port} of ${socket.remoteAddress ?? host}`)));
  socket.once('error', (error) => made.resolve(failedBy(networkProblem(error))));
  return made.promise.finally(() => socket.destroy());
}

/** Performs a TLS handshake and judges the certificate, trusted or not. */
export async function shakeHands(url: URL, settings: TlsSettings, signal: AbortSignal): Promise<Finding> {
  const { caCertificates } = settings;
  const host = hostnameOf(url);
  const socket = connectTls({
    host,
    port: portOf(url),
    ...(caCertificates === null ? {} : { ca: caCertificates }),
    // SNI does not support addresses (RFC 6066 3); Node still checks the certificate against them.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    // The certificate is judged below, so that an untrusted one can be shown as well. Nothing is sent to the host.
    rejectUnauthorized: false,
  });
  const giveUp = (): void => void socket.destroy();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await secured(socket);
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) return failedBy('tls-untrusted');
    return judgeCertificate(certificateFacts(certificate, refusalOf(socket)), settings);
  } catch (error) {
    signal.throwIfAborted();
    return failedBy(tlsProblem(error) ?? networkProblem(error));
  } finally {
    signal.removeEventListener('abort', giveUp);
    socket.destroy();
  }
}

function secured(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
  });
}

/**
 * Returns the code with which Node would have rejected the certificate. It is a string, although the types say Error.
 */
function refusalOf(socket: TLSSocket): string | null {
  if (socket.authorized) return null;
  const reason: unknown = socket.authorizationError;
  return reason instanceof Error && 'code' in reason ? String(reason.code) : String(reason);
}
