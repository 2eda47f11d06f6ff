import { Socket as UdpSocket } from 'node:dgram';
import { Server, Socket } from 'node:net';

/**
 * Makes every connection of this thread fail. Each thread has its own built-in modules, so the rest of the service is not
 * affected. All of Node's clients, including `fetch` and TLS, connect through `Socket`.
 */
export function forbidNetwork(): void {
  const forbid = (): never => {
    throw new Error('This thread may not use the network.');
  };
  Socket.prototype.connect = forbid;
  Server.prototype.listen = forbid;
  UdpSocket.prototype.bind = forbid;
  UdpSocket.prototype.send = forbid;
  UdpSocket.prototype.connect = forbid;
}
