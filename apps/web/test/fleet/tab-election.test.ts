import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TabElection, type ElectionMessage } from '../../src/fleet/tab-election.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Tabs of one browser that hear each other; a frozen one neither hears nor runs timers. */
class Tabs {
  readonly leaders = new Set<string>();
  readonly #elections = new Map<string, TabElection>();
  readonly #frozen = new Set<string>();

  open(tab: string): void {
    const election = new TabElection(
      {
        tab,
        send: (message) => this.#deliver(message),
        after: (ms, run) => {
          const timer = setTimeout(() => {
            if (!this.#frozen.has(tab)) run();
          }, ms);
          return () => clearTimeout(timer);
        },
      },
      (signal) => {
        this.leaders.add(tab);
        signal.addEventListener('abort', () => this.leaders.delete(tab));
      },
    );
    this.#elections.set(tab, election);
    election.stand();
  }

  close(tab: string): void {
    this.#elections.get(tab)?.leave();
    this.#elections.delete(tab);
  }

  /** Without a word, as a tab whose process was killed. */
  crash(tab: string): void {
    this.#elections.delete(tab);
    this.leaders.delete(tab);
    this.#frozen.add(tab);
  }

  freeze(tab: string): void {
    this.#frozen.add(tab);
  }

  thaw(tab: string): void {
    this.#frozen.delete(tab);
    this.#elections.get(tab)?.hear({ type: 'ask', tab: 'someone' });
  }

  #deliver(message: ElectionMessage): void {
    for (const [tab, election] of this.#elections) {
      if (tab !== message.tab && !this.#frozen.has(tab)) setTimeout(() => election.hear(message), 1);
    }
  }
}

test('six tabs opened at once elect one leader, which a seventh one follows', () => {
  const tabs = new Tabs();
  for (const tab of ['f', 'b', 'd', 'a', 'e', 'c']) tabs.open(tab);
  vi.advanceTimersByTime(1_000);
  expect([...tabs.leaders]).toEqual(['a']);
  tabs.open('0');
  vi.advanceTimersByTime(60_000);
  expect([...tabs.leaders]).toEqual(['a']);
});

test('a tab takes over at once when the leader is closed, and within seconds when it crashes', () => {
  const tabs = new Tabs();
  for (const tab of ['a', 'b', 'c']) tabs.open(tab);
  vi.advanceTimersByTime(1_000);
  tabs.close('a');
  vi.advanceTimersByTime(300);
  expect([...tabs.leaders]).toEqual(['b']);
  tabs.crash('b');
  vi.advanceTimersByTime(5_000);
  expect([...tabs.leaders]).toEqual(['c']);
});

test('a leader that was frozen and replaced shares the lead only until the tabs hear each other', () => {
  const tabs = new Tabs();
  for (const tab of ['a', 'b', 'c']) tabs.open(tab);
  vi.advanceTimersByTime(1_000);
  tabs.freeze('a');
  vi.advanceTimersByTime(10_000);
  expect([...tabs.leaders].sort()).toEqual(['a', 'b']);
  tabs.thaw('a');
  vi.advanceTimersByTime(5_000);
  expect(tabs.leaders.size).toBe(1);
});

test('whatever tabs are opened, closed and crash, one of the open tabs leads in the end', () => {
  const step = fc.record({
    tab: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    what: fc.constantFrom('open', 'close', 'crash'),
    wait: fc.nat({ max: 4_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const tabs = new Tabs();
      const open = new Set<string>();
      let count = 0;
      for (const { tab, what, wait } of steps) {
        const name = [...open].find((each) => each.startsWith(tab));
        if (what === 'open') {
          // A tab that is opened again has another id.
          const next = `${tab}${count++}`;
          tabs.open(next);
          open.add(next);
        } else if (name !== undefined) {
          tabs[what](name);
          open.delete(name);
        }
        vi.advanceTimersByTime(wait);
      }
      vi.advanceTimersByTime(10_000);
      expect(tabs.leaders.size).toBe(open.size > 0 ? 1 : 0);
      for (const leader of tabs.leaders) expect(open).toContain(leader);
    }),
    { numRuns: 40 },
  );
});
