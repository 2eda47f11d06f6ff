/**
 * Port between the WS-Management listener and the backend of a shell: a PSRP server pool, a bridge to `pwsh -s`, or a
 * fake in a test. The listener owns HTTP, SOAP, faults, pacing, quotas and timeouts; a backend sees opaque bytes (PSRP
 * fragments, decoded from base64) and never a request. Bytes of one stream keep their order in both directions; how
 * they are split into calls carries no meaning. The listener sends each fragment in its own `rsp:Stream`.
 */

/**
 * Stream from the client: `stdin` carries ordinary data, `pr` responses to host calls (MS-PSRP 2.2.4, priority type).
 */
export type InputStream = 'stdin' | 'pr';

/**
 * Signal to a command: `interrupt` is Ctrl+C (stops the pipeline, output may still be read), `terminate` ends the
 * command.
 */
export type ShellSignal = 'interrupt' | 'terminate';

/** Output from a backend to the client; one per shell and one per command. */
export interface OutputSink {
  /**
   * Queues bytes for the next Receive responses. Resolves when there is room for more (at once below the listener's
   * high-water mark); awaiting it applies the back-pressure of a slow client. Never rejects: bytes written after the
   * end, or after `closed` is aborted, are dropped.
   *
   * Bytes written in the same turn of the event loop may go out in one response. On a shell's own sink, the fragments
   * that each call completes go out in a separate Receive response, as real hosts do in the opening handshake. Bytes
   * that are not fragments end the output.
   */
  write(data: Uint8Array): Promise<void>;
  /** Ends the output: once the queued bytes are sent, the command is reported Done with this exit code. Idempotent. */
  end(exitCode?: number): void;
  /** Aborted when the output is no longer read: the command was terminated, or the shell was deleted or timed out. */
  readonly closed: AbortSignal;
}

/** Parameters of a PSRP shell from its Create request. */
export interface ShellOpening {
  /** Id of the shell, chosen by the client: a GUID in upper case, the id of the runspace pool in PSRP. */
  readonly shellId: string;
  /** Resource URI, for example `http://schemas.microsoft.com/powershell/Microsoft.PowerShell`. */
  readonly resourceUri: string;
  /** `rsp:Name`; absent if the client gave none. */
  readonly name?: string;
  /** Authenticated principal, as returned by the listener's authentication. */
  readonly principal: string;
  /** First fragments, from `creationXml` (MS-PSRP 3.1.5.3.1). */
  readonly creation: Uint8Array;
  /** Output for Receives without a CommandId. Ending it ends the shell. */
  readonly output: OutputSink;
}

/** Parameters of a command from its Command request. */
export interface CommandOpening {
  /** Id of the command, chosen by the client: a GUID in upper case, the id of the pipeline in PSRP. */
  readonly commandId: string;
  /** First fragments, from `rsp:Arguments` (MS-PSRP 3.1.5.3.3). */
  readonly args: Uint8Array;
  /** Output for Receives with this CommandId; the backend ends it when the pipeline has ended. */
  readonly output: OutputSink;
}

/** Running command. No method is called after `signal('terminate')` or after `close` of its shell. */
export interface BackendCommand {
  /**
   * Takes bytes from the client; `end` is true for the last bytes of the stream (set by WinRS clients only). A
   * rejection becomes a fault of the Send request.
   */
  send(stream: InputStream, data: Uint8Array, end?: boolean): Promise<void>;
  /**
   * Signals the command. `terminate` is called once, even if the command has already ended, and frees its resources.
   */
  signal(signal: ShellSignal): Promise<void>;
}

/** Open shell. */
export interface BackendShell {
  /** Starts a command; ids are unique within the shell. A rejection becomes a fault of the Command request. */
  command(opening: CommandOpening): Promise<BackendCommand>;
  /** Takes bytes from the client for the shell itself. A rejection becomes a fault of the Send request. */
  send(stream: InputStream, data: Uint8Array): Promise<void>;
  /** Closes the shell and its commands (deleted, timed out, or the listener closes). Called once. */
  close(): Promise<void>;
}

/** Backend of PSRP shells. */
export interface ShellBackend {
  /** Opens a shell. A rejection becomes a fault of the Create request. */
  open(opening: ShellOpening): Promise<BackendShell>;
}
