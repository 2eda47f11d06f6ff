/** Chunk of one stream. */
export interface OutputChunk {
  readonly stream: string;
  readonly data: Uint8Array;
}

/** Store of unread output, split as its kind of shell requires. */
export interface StoredOutput {
  /** Number of bytes that `take` can return. */
  readonly size: number;
  /** @throws if the bytes are invalid in the shell's protocol. */
  push(stream: string, data: Uint8Array): void;
  /** Removes and returns up to `limit` bytes, for one response. */
  take(limit: number): OutputChunk[];
  /** Discards all output. */
  clear(): void;
}
