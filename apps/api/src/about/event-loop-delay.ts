import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Diagnostics } from '@aether-v/types';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Cancel, Clock } from '../common/clock.ts';

/** The sampling interval, in milliseconds. A sample includes it. */
const resolution = 20;

/** The interval at which measurements begin, in milliseconds. The older of two is reported. */
const begins = 60_000;

/** Measures the delay of the event loop, over the last one to two minutes. */
@Injectable()
export class EventLoopDelay implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #clock: Clock;
  #older: Measurement;
  #newer: Measurement;
  #cancel: Cancel = () => undefined;

  constructor(@Inject(clockToken) clock: Clock) {
    this.#clock = clock;
    this.#older = new Measurement(clock.now());
    this.#newer = this.#older;
  }

  onApplicationBootstrap(): void {
    this.#cancel = this.#clock.schedule(begins, () => {
      if (this.#older !== this.#newer) this.#older.stop();
      this.#older = this.#newer;
      this.#newer = new Measurement(this.#clock.now());
      this.onApplicationBootstrap();
    });
  }

  onApplicationShutdown(): void {
    this.#cancel();
    this.#older.stop();
    this.#newer.stop();
  }

  /** Returns the delay in milliseconds. */
  read(): Diagnostics['eventLoop'] {
    return this.#older.read(this.#clock.now());
  }
}

class Measurement {
  readonly #since: number;
  readonly #histogram = monitorEventLoopDelay({ resolution });

  constructor(since: number) {
    this.#since = since;
    this.#histogram.enable();
  }

  stop(): void {
    this.#histogram.disable();
  }

  read(now: number): Diagnostics['eventLoop'] {
    const { mean, max } = this.#histogram;
    return {
      meanMs: delayOf(mean),
      p99Ms: delayOf(this.#histogram.percentile(99)),
      maxMs: delayOf(max),
      sinceSeconds: Math.max(0, now - this.#since) / 1000,
    };
  }
}

/** Converts a sample in nanoseconds; without samples the mean is not a number. */
function delayOf(nanoseconds: number): number {
  return Math.max(0, Math.round(nanoseconds / 1e4) / 100 - resolution) || 0;
}
