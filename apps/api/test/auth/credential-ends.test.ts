import { describe, expect, test } from 'vitest';
import { CredentialEnds } from '../../src/auth/credential-ends.ts';
import { EventStreams } from '../../src/events/event-streams.ts';
import { sessionOf } from '../support/authentication.ts';
import { startTestApp } from '../support/test-app.ts';

describe('CredentialEnds', () => {
  test('only listeners of the credential that ended are called, and none after it stopped listening', () => {
    const ends = new CredentialEnds();
    const called: string[] = [];
    ends.onEnd('a', () => called.push('a'));
    const stop = ends.onEnd('a', () => called.push('stopped'));
    ends.onEnd('b', () => called.push('b'));
    stop();
    ends.end('a');
    ends.end('unknown');
    expect(called).toEqual(['a']);
  });

  test('a listener may stop while it is called', () => {
    const ends = new CredentialEnds();
    const called: string[] = [];
    const stop = ends.onEnd('a', () => {
      called.push('first');
      stop();
    });
    ends.onEnd('a', () => called.push('second'));
    ends.end('a');
    ends.end('a');
    expect(called).toEqual(['first', 'second', 'second']);
  });
});

describe('an event stream', () => {
  test('ends with the credential of its reader, and leaves those of others open', async () => {
    const { app } = await startTestApp();
    const streams = app.get(EventStreams);
    streams.open(undefined, sessionOf(undefined, 'one'));
    streams.open(undefined, sessionOf(undefined, 'other'));
    app.get(CredentialEnds).end('one');
    expect(streams.size).toBe(1);
    await app.close();
  });

  test('ends when the credential of its reader expires', async () => {
    const { app, clock } = await startTestApp();
    const streams = app.get(EventStreams);
    streams.open(undefined, { ...sessionOf(), expiresAt: clock.now() + 60_000 });
    await clock.advance(59_000);
    expect(streams.size).toBe(1);
    await clock.advance(2_000);
    expect(streams.size).toBe(0);
    await app.close();
  });

  test('belongs to its reader: another cannot select its samples', async () => {
    const { app } = await startTestApp();
    const streams = app.get(EventStreams);
    const stream = streams.open(undefined, sessionOf(undefined, 'one'));
    expect(streams.get(stream.id, sessionOf(undefined, 'one'))).toBe(stream);
    expect(() => streams.get(stream.id, sessionOf(undefined, 'other'))).toThrow('not open');
    await app.close();
  });
});
