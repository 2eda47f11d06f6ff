import type { ErrorCode } from '@aether-v/types';

/** What a failure means to whoever runs the fleet. */
export interface Meaning {
  readonly code: ErrorCode;
  readonly says: string;
  readonly remedy: string | null;
}
