import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A TCP connection that reads only when told to. */
export interface RawSocket {
  readonly socket: Socket;
  /** What was read so far. */
  readonly text: () => string;
  /** How many answers began in what was read. */
  readonly answers: () => number;
  /** Resolves when the connection is closed. */
  readonly closed: Promise<void>;
}

export interface RawSocketOptions {
  /** The client's own address, which all of 127.0.0.0/8 may be. */
  readonly from?: string;
  /** Whether it reads what it is sent. */
  readonly reads?: boolean;
}

/** Connects to a service on this machine. */
export async function openSocket(port: number, options: RawSocketOptions = {}): Promise<RawSocket> {
  const { from = '127.0.0.1', reads = true } = options;
  const socket = connect({ host: '127.0.0.1', port, localAddress: from });
  onTestFinished(() => void socket.destroy());
  let text = '';
  // The service may reset what it closes.
  socket.on('error', () => undefined).setEncoding('latin1');
  if (reads) socket.on('data', (piece: string) => (text += piece));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  return { socket, closed, text: () => text, answers: () => text.split('HTTP/1.1 ').length - 1 };
}

/** A request as its bytes. */
export function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
}
