/** Bytes of one stream. */
export interface OutputChunk {
  readonly stream: string;
  readonly data: Uint8Array;
}

/** Output that waits to be fetched, cut as its kind of shell needs it. */
export interface StoredOutput {
  /** Bytes that `take` has to give. */
  readonly size: number;
  /** @throws if these bytes cannot be what the shell's protocol says. */
  push(stream: string, data: Uint8Array): void;
  /** Takes up to so many bytes: one answer. */
  take(limit: number): OutputChunk[];
  /** Throws all of it away. */
  clear(): void;
}
