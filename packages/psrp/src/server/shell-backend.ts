/**
 * The port between the WSMan listener and whatever serves a shell: a PSRP server pool, a bridge to `pwsh -s`, a
 * test's fake. The listener owns HTTP, SOAP, faults, pacing, quotas and time-outs; a backend sees opaque bytes
 * (PSRP fragments, already out of base64) and never a request. Bytes of one stream arrive and leave in order; how
 * they are cut into calls means nothing to either side: the listener gives each fragment an `rsp:Stream` of its own.
 */

/** Streams that a client writes to: `stdin` is ordinary data, `pr` answers to host calls (MS-PSRP 2.2.4, priority type). */
export type InputStream = 'stdin' | 'pr';

/** What a Signal asks: `interrupt` is Ctrl+C (stop the pipeline, keep answering), `terminate` ends the command. */
export type ShellSignal = 'interrupt' | 'terminate';

/** Where a backend pushes bytes for the client; one per shell and one per command. */
export interface OutputSink {
  /**
   * Queues bytes for the next Receive answers. Resolves when there is room for more (at once while less than the
   * listener's high-water mark waits): awaiting it is the back-pressure that a client which does not read exerts.
   * Rejects never: bytes written after the end, or after the client closed, are dropped and `closed` says so.
   *
   * Everything written in the same turn of the event loop may go out in one answer. On a shell's own sink what each call
   * completes is answered by a Receive of its own, as real hosts do it with the opening handshake. Bytes that are not
   * fragments end the output.
   */
  write(data: Uint8Array): Promise<void>;
  /** Marks the end: after the bytes queued before it, the command is reported Done with this exit code. Idempotent. */
  end(exitCode?: number): void;
  /** Aborted when nobody will read any more: the command was terminated, the shell deleted or timed out. */
  readonly closed: AbortSignal;
}

/** What a client said when it created a shell. */
export interface ShellOpening {
  /** The shell's id as the client chose it: an upper-case GUID, the runspace pool's id in PSRP. */
  readonly shellId: string;
  /** The resource URI, for instance `http://schemas.microsoft.com/powershell/Microsoft.PowerShell`. */
  readonly resourceUri: string;
  /** `rsp:Name`, where the client gave one. */
  readonly name?: string;
  /** Who authenticated, as the listener's authentication port named them. */
  readonly principal: string;
  /** The first fragments, out of `creationXml` (MS-PSRP 3.1.5.3.1). */
  readonly creation: Uint8Array;
  /** Bytes for Receives without a CommandId. Ending it ends the shell. */
  readonly output: OutputSink;
}

/** What a client said when it started a command. */
export interface CommandOpening {
  /** The command's id as the client chose it: an upper-case GUID, the pipeline's id in PSRP. */
  readonly commandId: string;
  /** The first fragments, out of `rsp:Arguments` (MS-PSRP 3.1.5.3.3). */
  readonly args: Uint8Array;
  /** Bytes for Receives with this CommandId; the backend ends it when the pipeline has ended. */
  readonly output: OutputSink;
}

/** A running command. No method is called again after `signal('terminate')` or after its shell's `close`. */
export interface BackendCommand {
  /**
   * Bytes from the client for this command; `end` where they are the stream's last, which only clients of WinRS say. A
   * rejection becomes a fault of that Send.
   */
  send(stream: InputStream, data: Uint8Array, end?: boolean): Promise<void>;
  /** A Signal. `terminate` is also called, once, for a command that has already ended: it frees what is left. */
  signal(signal: ShellSignal): Promise<void>;
}

/** An open shell. */
export interface BackendShell {
  /** Starts a command; ids are unique in the shell. A rejection becomes a fault of that Command. */
  command(opening: CommandOpening): Promise<BackendCommand>;
  /** Bytes from the client for the shell itself. A rejection becomes a fault of that Send. */
  send(stream: InputStream, data: Uint8Array): Promise<void>;
  /** The shell is gone (deleted, timed out, the listener closes). Called once; commands end with it. */
  close(): Promise<void>;
}

/** Serves shells. */
export interface ShellBackend {
  /** Opens a shell. A rejection becomes a fault of that Create. */
  open(opening: ShellOpening): Promise<BackendShell>;
}
