import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  JobSubject,
  JournalNote,
  maxNoteLength,
  OperationId,
  Text,
  Timestamp,
  toAsciiJson,
  type JournalEntry,
} from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { configToken, type Config } from '../config/settings.ts';
import { ProblemError } from '../problems/problem-error.ts';

/** The place of an operation in its parent, with the parent's plan if a later run of the service is to find it here. */
const NoteParent = Type.Object({
  id: OperationId,
  number: Type.Integer({ minimum: 1 }),
  of: Type.Integer({ minimum: 1 }),
  plan: Type.Optional(Type.String({ description: 'See `parent-plan.ts`.' })),
});

/** The content of a note: what the service needs to know about an operation that it finds in a journal. */
const NoteContent = Type.Object({
  command: Text,
  subject: JobSubject,
  actor: Type.Object({ id: Text, name: Text }),
  acceptedAt: Timestamp,
  request: Type.Unknown({ description: 'Without its secrets.' }),
  hasSecrets: Type.Optional(Type.Boolean()),
  parent: Type.Optional(NoteParent),
  retryOf: Type.Optional(OperationId),
});

/** The content of a note. */
export type NoteContent = Static<typeof NoteContent>;

const content = Compile(NoteContent);
const note = Compile(JournalNote);

/** The MAC's domain, so that a text signed for another purpose is not accepted as a note. */
const domain = 'aether-v/journal-note/2';

/**
 * Writes and reads the service's notes in hosts' journals. A host may write anything into its journal, so a note is
 * only valid with the MAC of this service (`SERVICE_KEY`), which covers the host, the id and the operation of its entry.
 */
@Injectable()
export class JournalNotes {
  readonly #key: Buffer;

  constructor(@Inject(configToken) { serviceKey }: Pick<Config, 'serviceKey'>) {
    this.#key = serviceKey === null ? randomBytes(32) : Buffer.from(serviceKey.reveal());
  }

  /** Signs the note of an operation on a host. @throws ProblemError if it is longer than a journal accepts. */
  sign(hostId: string, operationId: string, op: string, value: NoteContent): JournalNote {
    const text = toAsciiJson(value);
    if (text.length > maxNoteLength) {
      throw new ProblemError('payload-too-large', 'The request is too long for the host’s journal.');
    }
    return { text, mac: this.#macOf(hostId, operationId, op, text).toString('hex') };
  }

  /** Reads the note of an entry in a host's journal. @returns undefined if it has no valid one. */
  read(hostId: string, entry: Pick<JournalEntry, 'operationId' | 'op' | 'note'>): NoteContent | undefined {
    if (!note.Check(entry.note)) return undefined;
    const { text, mac } = entry.note;
    const expected = this.#macOf(hostId, entry.operationId, entry.op, text);
    if (!timingSafeEqual(expected, Buffer.from(mac, 'hex'))) return undefined;
    const value: unknown = JSON.parse(text);
    return content.Check(value) ? value : undefined;
  }

  #macOf(hostId: string, operationId: string, op: string, text: string): Buffer {
    return createHmac('sha256', this.#key)
      .update([domain, hostId, operationId, op, text].join('\n'))
      .digest();
  }
}
