import {
  commandOperation,
  takesTurns,
  type CommandName,
  type CommandRequest,
  type JobSubject,
} from '@aether-v/types';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { KeyedRequest } from './idempotency.ts';
import { JobLanes } from './job-lanes.ts';
import { JobRunner } from './job-runner.ts';
import { JournalNotes, type NoteContent } from './journal-notes.ts';
import { Preparations } from './preparations.ts';
import { withoutSecrets } from './without-secrets.ts';

/** A job of one command on one host, as data. */
export interface JobOrder<C extends CommandName = CommandName> {
  readonly command: C;
  readonly request: CommandRequest<C>;
  readonly hostId: string;
  readonly subject: JobSubject & { readonly id: string; readonly name: string };
  readonly actor: NoteContent['actor'];
  /** The moment at which the service accepted it. */
  readonly acceptedAt: string;
  readonly keyed: KeyedRequest | undefined;
  /** Its place in its parent; the plan goes with it until a journal has it. */
  readonly parent?: NoteContent['parent'];
  /** Called once, when its host has told of it: its journal then has the note. */
  readonly onBegun?: () => void;
}

/** Jobs that wait for their turn on their hosts. */
@Injectable()
export class JobQueue implements BeforeApplicationShutdown {
  readonly #log = new Logger('Jobs');
  readonly #lanes = new JobLanes();
  /** Takes a job out of its queue. */
  readonly #waiting = new Map<string, AbortController>();
  readonly #shutdown = new AbortController();

  constructor(
    private readonly runner: JobRunner,
    private readonly notes: JournalNotes,
    private readonly preparations: Preparations,
  ) {}

  /** Operations go on without the service: the journals of their hosts tell the next start how they ended. */
  beforeApplicationShutdown(): void {
    this.#shutdown.abort(new Error('The service is shutting down.'));
    for (const controller of this.#waiting.values()) controller.abort();
  }

  /** Aborted when the service shuts down. */
  get shutdown(): AbortSignal {
    return this.#shutdown.signal;
  }

  /** Queues a job whose row exists. @throws ProblemError if its note is too long for a journal. */
  add<C extends CommandName>(jobId: string, order: JobOrder<C>): void {
    const { command, request, hostId, subject, actor, acceptedAt, keyed, parent, onBegun } = order;
    const op = commandOperation(command);
    const content = {
      command,
      subject,
      actor,
      acceptedAt,
      request: withoutSecrets(op.request, request),
      ...(parent === undefined ? {} : { parent }),
    };
    const operation = {
      jobId,
      hostId,
      op: op.name,
      request,
      prepare: this.preparations.of(command, { request, subjectId: subject.id }),
      actor: actor.name,
      keyed,
      note: this.notes.sign(jobId, op.name, content),
      onBegun,
    };
    const controller = new AbortController();
    this.#waiting.set(jobId, controller);
    const run = (): Promise<void> => this.runner.run(operation, this.#shutdown.signal, controller.signal);
    const turn = takesTurns(command) ? `${subject.kind} ${subject.id}` : null;
    this.#lanes
      .add({ hostId, turn, run, signal: controller.signal })
      .catch((error: unknown) => this.#log.error(`Job ${jobId} left its queue: ${String(error)}`))
      .finally(() => this.#waiting.delete(jobId));
  }

  /** Takes a job out of its queue, if it still waits. */
  remove(jobId: string): void {
    this.#waiting.get(jobId)?.abort();
  }
}
