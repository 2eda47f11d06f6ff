import { soapContentType, WsmanFault, wsmanFaults, type FaultName } from '../wsman/index.ts';

/** Thrown inside the listener to respond with a fault. */
export class FaultReply extends Error {
  override readonly name = 'FaultReply';
  readonly fault: WsmanFault;

  constructor(name: FaultName, detail?: string) {
    super(detail ?? wsmanFaults[name].reason);
    this.fault = WsmanFault.of(name, detail);
  }
}

/** Thrown inside the listener to respond with an HTTP status without a body. */
export class StatusReply extends Error {
  override readonly name = 'StatusReply';
  readonly status: number;

  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

/** Thrown inside the listener when the client has disconnected: no response is written. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** HTTP response before it is written. */
export interface WsmanReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** Creates a response with an envelope. */
export function soap(status: number, envelope: string): WsmanReply {
  return {
    status,
    headers: { 'content-type': soapContentType },
    body: Buffer.from(envelope, 'utf8'),
  };
}

/** Creates a response without a body. */
export function bare(
  status: number,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): WsmanReply {
  return { status, headers, body: Buffer.alloc(0) };
}
