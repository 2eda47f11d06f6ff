import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { withoutMapping } from '../common/client-address.ts';

/** The two ends of a connection, as this process sees them. */
type Ends = Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>;

/** The kernel's tables of TCP sockets (proc_pid_net(5)). An IPv4 client may use an IPv6 socket. */
const tables = ['/proc/self/net/tcp', '/proc/self/net/tcp6'];

/** User ids of service accounts: SYS_UID_MIN to SYS_UID_MAX of login.defs(5), systemd's dynamic users, and `nobody`. */
const serviceAccounts: readonly (readonly [number, number])[] = [
  [1, 999],
  [61_184, 65_519],
  [65_534, 65_534],
];

const known = new WeakMap<object, Promise<number | undefined>>();

/**
 * Returns the user id of the process at the other end of a connection on this machine; undefined if it cannot be
 * determined, as on systems other than Linux. Looks it up once per connection.
 */
export function peerAccount(socket: Ends & object): Promise<number | undefined> {
  let found = known.get(socket);
  if (found === undefined) {
    found = lookUp(socket);
    known.set(socket, found);
  }
  return found;
}

/** Returns whether a user id is that of a service account, such as a reverse proxy's, other than this process's own. */
export function isForeignService(uid: number, own = process.getuid?.()): boolean {
  return uid !== own && serviceAccounts.some(([first, last]) => uid >= first && uid <= last);
}

/** Returns the user id of the socket at the other end of a connection, from a table of the kernel; undefined if absent. */
export function accountInTable(table: string, ends: Ends): number | undefined {
  const { remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0 } = ends;
  const locals = encodings(remoteAddress, remotePort);
  const remotes = encodings(localAddress, localPort);
  for (const line of table.split('\n')) {
    const [, local = '', remote = '', , , , , uid = ''] = line.trim().split(/\s+/);
    if (locals.includes(local) && remotes.includes(remote)) return Number(uid);
  }
  return undefined;
}

async function lookUp(ends: Ends): Promise<number | undefined> {
  // A closed socket has no ports any more.
  if (ends.remotePort === undefined || ends.localPort === undefined) return undefined;
  for (const path of process.platform === 'linux' ? tables : []) {
    const table = await readFile(path, 'utf8').catch(() => '');
    const uid = accountInTable(table, ends);
    if (uid !== undefined) return uid;
  }
  return undefined;
}

/** Returns the kernel's spellings of a loopback address with its port: each 32 bits in the machine's byte order. */
function encodings(address: string, port: number): string[] {
  const suffix = `:${hex(port, 4)}`;
  const plain = withoutMapping(address);
  if (plain.includes(':')) return [`00000000000000000000000001000000${suffix}`];
  const word = plain
    .split('.')
    .toReversed()
    .map((part) => hex(Number(part), 2))
    .join('');
  return [`${word}${suffix}`, `0000000000000000FFFF0000${word}${suffix}`];
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
