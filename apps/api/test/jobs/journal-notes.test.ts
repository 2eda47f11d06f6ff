import type { JournalEntry } from '@aether-v/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/config/secret.ts';
import { JournalNotes, type NoteContent } from '../../src/jobs/journal-notes.ts';
import { decodePlan, encodePlan, plannedChild, type ParentPlan } from '../../src/jobs/parent-plan.ts';

const key = new Secret('k'.repeat(32));
const id = '01900000-0000-7000-8000-000000000001';
const notes = new JournalNotes({ serviceKey: key });

function contentOf(name: string): NoteContent {
  return {
    command: 'vm.start',
    subject: { kind: 'vm', id: '8f14e45f-ceea-467f-a9c5-0f1b2c3d4e5f', name },
    actor: { id: 'ada', name: 'Ada' },
    acceptedAt: '2026-01-01T00:00:00.000Z',
    request: { vmId: '8f14e45f-ceea-467f-a9c5-0f1b2c3d4e5f' },
  };
}

type Noted = Pick<JournalEntry, 'operationId' | 'op' | 'note'>;

function entryOf(name: string): Noted {
  return { operationId: id, op: 'vm.start', note: notes.sign('hv01', id, 'vm.start', contentOf(name)) };
}

describe('a note in a journal', () => {
  test('is read as written, by every service with the same key', () => {
    const later = new JournalNotes({ serviceKey: key });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (name) => {
        expect(later.read('hv01', entryOf(name))).toEqual(contentOf(name));
      }),
    );
  });

  test.each<[string, { [K in keyof Noted]?: Noted[K] | undefined }]>([
    ['of another operation id', { operationId: id.replace(/1$/, '2') }],
    ['of another operation', { op: 'vm.stop' }],
    ['without a MAC', { note: { text: '{}', mac: '' } }],
    ['with another text', { note: { text: '{"command":"vm.delete"}', mac: entryOf('VM').note?.mac ?? '' } }],
    ['that is missing', { note: undefined }],
  ])('%s is ignored', (_what, change) => {
    expect(notes.read('hv01', { ...entryOf('VM'), ...change } as Noted)).toBeUndefined();
  });

  test('in the journal of another host is ignored', () => {
    expect(notes.read('hv02', entryOf('VM'))).toBeUndefined();
  });

  test('of a service with another key is ignored', () => {
    for (const serviceKey of [new Secret('x'.repeat(32)), null]) {
      expect(new JournalNotes({ serviceKey }).read('hv01', entryOf('VM'))).toBeUndefined();
    }
  });

  test('that is too long for a journal is refused', () => {
    const long = { ...contentOf('VM'), request: 'x'.repeat(65_536) };
    expect(() => notes.sign('hv01', id, 'vm.start', long)).toThrow(/too long/);
  });
});

describe('the plan of a parent', () => {
  const subject = { kind: 'vm' as const, id: '8f14e45f-ceea-467f-a9c5-0f1b2c3d4e5f', name: 'N'.repeat(100) };
  const plan: ParentPlan = {
    command: 'vm.start',
    subject: { kind: 'none', id: null, name: null },
    title: 'Start 200 VMs',
    order: 'parallel',
    children: Array.from({ length: 200 }, (_, at) => ({
      command: 'vm.start',
      hostId: `hv-${at}.example.org`,
      subject: { ...subject, id: subject.id.replace(/^.{8}/, at.toString(16).padStart(8, '0')) },
      title: `Start VM ${at}`,
      request: { vmId: subject.id.replace(/^.{8}/, at.toString(16).padStart(8, '0')) },
      hasSecrets: false,
    })),
  };

  test('with the most children fits into a note', () => {
    const parent = { id, number: 1, of: 200, plan: encodePlan(plan) };
    const { text } = notes.sign('hv01', id, 'vm.start', { ...contentOf('VM'), parent });
    expect(text.length).toBeLessThan(65_536);
    expect(decodePlan(parent.plan)).toEqual(plan);
  });

  test('with a child whose VM has the longest name can be read again', () => {
    const { id: vmId } = subject;
    const named = { ...subject, name: 'N'.repeat(1024) };
    const child = plannedChild({ command: 'vm.start', hostId: 'hv01', subject: named, request: { vmId } });
    expect(decodePlan(encodePlan({ ...plan, children: [child] }))).toBeDefined();
  });

  test.each([
    ['no base64', '!'],
    ['no JSON', encodePlan('x' as never).slice(0, 4)],
    ['another shape', encodePlan({ children: [] } as never)],
    ['more than a megabyte', encodePlan({ ...plan, title: 'x'.repeat(2 ** 21) })],
  ])('that is %s is ignored', (_what, text) => {
    expect(decodePlan(text)).toBeUndefined();
  });
});
