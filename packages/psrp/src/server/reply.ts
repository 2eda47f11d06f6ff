import { FAULTS, WsmanFault, type FaultName } from '../wsman/index.ts';

/** Thrown inside the listener to answer with a fault. */
export class FaultReply extends Error {
  override readonly name = 'FaultReply';
  readonly fault: WsmanFault;

  constructor(name: FaultName, detail?: string) {
    super(detail ?? FAULTS[name].reason);
    this.fault = WsmanFault.of(name, detail);
  }
}

/** Thrown inside the listener to answer with a bare HTTP status. */
export class StatusReply extends Error {
  override readonly name = 'StatusReply';
  readonly status: number;

  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

/** Thrown inside the listener when the client is gone: there is nobody to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}
