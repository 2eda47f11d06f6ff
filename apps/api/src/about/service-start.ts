import { Inject, Injectable } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';

/** The start of the service. */
@Injectable()
export class ServiceStart {
  /** Milliseconds since 1970. */
  readonly at: number;

  constructor(@Inject(clockToken) clock: Clock) {
    this.at = clock.now();
  }
}
