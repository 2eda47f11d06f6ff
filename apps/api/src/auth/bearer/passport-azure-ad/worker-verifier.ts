import { Worker } from 'node:worker_threads';
import { Logger } from '@nestjs/common';
import type { JSONWebKeySet } from 'jose';
import type { Cancel, Clock } from '../../../common/clock.ts';
import { ProblemError } from '../../../problems/problem-error.ts';
import { TokenError } from '../token-error.ts';
import type { AdditionalVerifier } from '../token-rules.ts';
import type { WorkerAnswer, WorkerOptions, WorkerRequest } from './worker-messages.ts';

/** Limits of the worker. */
export interface WorkerLimits {
  /** The limit of one verification; a worker that exceeds it is replaced. */
  readonly timeoutMs: number;
  readonly maximumPending: number;
  /** The wait before the first restart; it doubles with every failure in a row. */
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
}

const defaultLimits: WorkerLimits = {
  timeoutMs: 5000,
  maximumPending: 256,
  firstBackoffMs: 500,
  longestBackoffMs: 60_000,
};

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly cancelTimeout: Cancel;
}

/** The file of the worker: next to this one in the sources, and next to the bundle after a build. */
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './passport-azure-ad-worker.js',
  import.meta.url,
);

/**
 * Verifies tokens with passport-azure-ad in a worker thread. The library is archived: it can refuse a token, but can
 * neither admit one alone nor end the process. While the worker is down, tokens are refused with 503, and the worker is
 * restarted with exponential backoff.
 */
export class WorkerVerifier implements AdditionalVerifier {
  readonly #log = new Logger('EntraVerifier');
  readonly #options: WorkerOptions;
  readonly #clock: Clock;
  readonly #limits: WorkerLimits;
  readonly #file: URL;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #sentKeys: JSONWebKeySet | null = null;
  #nextId = 1;
  #failures = 0;
  #cancelRestart: Cancel = () => undefined;
  #isClosed = false;

  constructor(options: WorkerOptions, clock: Clock, limits: Partial<WorkerLimits> = {}, file = workerFile) {
    this.#options = options;
    this.#clock = clock;
    this.#limits = { ...defaultLimits, ...limits };
    this.#file = file;
    this.#start();
  }

  async assertAcceptable(token: string, keys: JSONWebKeySet): Promise<void> {
    const worker = this.#worker;
    if (worker === null || this.#waiting.size >= this.#limits.maximumPending) throw unavailable();
    if (this.#sentKeys !== keys) this.#post(worker, { keys: keys.keys });
    this.#sentKeys = keys;
    const id = this.#nextId++;
    await new Promise<void>((resolve, reject) => {
      const cancelTimeout = this.#clock.schedule(this.#limits.timeoutMs, () =>
        this.#fail(worker, 'did not answer in time'),
      );
      this.#waiting.set(id, { resolve, reject, cancelTimeout });
      this.#post(worker, { id, token });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRestart();
    const worker = this.#worker;
    this.#worker = null;
    this.#rejectAll();
    await worker?.terminate();
  }

  #post(worker: Worker, request: WorkerRequest): void {
    worker.postMessage(request);
  }

  #start(): void {
    const worker = new Worker(this.#file, {
      name: 'passport-azure-ad',
      workerData: this.#options,
      // The library logs to both, including parts of tokens that it cannot parse.
      stdout: true,
      stderr: true,
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    });
    worker.stdout.resume();
    worker.stderr.resume();
    worker.unref();
    worker.on('message', (answer: unknown) => {
      if (isAnswer(answer)) this.#settle(answer);
      else this.#fail(worker, 'sent an invalid answer');
    });
    worker.on('messageerror', () => this.#fail(worker, 'sent an unreadable answer'));
    worker.on('error', (error) =>
      this.#fail(worker, `failed: ${error instanceof Error ? error.message : 'unknown'}`),
    );
    worker.on('exit', () => this.#fail(worker, 'ended'));
    this.#worker = worker;
    this.#sentKeys = null;
  }

  #settle({ id, accepted }: WorkerAnswer): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#failures = 0;
    this.#waiting.delete(id);
    waiting.cancelTimeout();
    if (accepted) waiting.resolve();
    else waiting.reject(new TokenError('The token is refused by passport-azure-ad.'));
  }

  /** Refuses all waiting tokens, and replaces the worker. */
  #fail(worker: Worker, reason: string): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    void worker.terminate();
    this.#rejectAll();
    const { firstBackoffMs, longestBackoffMs } = this.#limits;
    const wait = Math.min(firstBackoffMs * 2 ** this.#failures, longestBackoffMs);
    this.#failures += 1;
    this.#log.error(`The verifier of Entra ID tokens ${reason}. It is restarted in ${wait / 1000} s.`);
    this.#cancelRestart = this.#clock.schedule(wait, () => {
      if (!this.#isClosed) this.#start();
    });
  }

  #rejectAll(): void {
    for (const { reject, cancelTimeout } of this.#waiting.values()) {
      cancelTimeout();
      reject(unavailable());
    }
    this.#waiting.clear();
  }
}

/** The worker runs third-party code, so its answers are validated. */
function isAnswer(answer: unknown): answer is WorkerAnswer {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'id' in answer &&
    typeof answer.id === 'number' &&
    'accepted' in answer &&
    typeof answer.accepted === 'boolean'
  );
}

function unavailable(): ProblemError {
  return new ProblemError(
    'provider-unavailable',
    'The verifier of Entra ID tokens is restarting or overloaded. Send the request again in a few seconds.',
  );
}
