import { describe, expect, test } from 'vitest';
import type { VmSummary } from '@aether-v/types';
import { actionWords } from '../../src/palette/action-words.ts';
import { fuzzyScore } from '../../src/palette/fuzzy.ts';
import { paletteItems, type PaletteFleet } from '../../src/palette/items.ts';
import { parseRecent, withRecent, type Recent } from '../../src/palette/recent.ts';
import { makeClusters, makeHosts, makeVms } from '../fake-api/rows.ts';

describe('a fuzzy match', () => {
  test.each(['aw1', 'app', 'web-01', 'APP WEB', 'aweb'])('%j matches APP-WEB-01', (typed) => {
    expect(fuzzyScore(typed, 'APP-WEB-01')).not.toBeNull();
  });

  test.each(['xyz', '10', 'bew'])('%j does not match APP-WEB-01', (typed) => {
    expect(fuzzyScore(typed, 'APP-WEB-01')).toBeNull();
  });

  test.each([
    ['app-01', 'APP-01', 'APP-WEB-01'],
    ['web', 'WEB-01', 'APP-WEB-01'],
    ['aw', 'APP-WEB-01', 'LAWN'],
    ['sql', 'SQL-REP-02', 'BUILD-S-QL'],
  ])('%j matches %s better than %s', (typed, better, worse) => {
    expect(fuzzyScore(typed, better) ?? -Infinity).toBeGreaterThan(fuzzyScore(typed, worse) ?? -Infinity);
  });
});

describe('words of an action', () => {
  test.each([
    ['start app-01', [{ command: 'vm.start', subject: 'app-01' }]],
    ['Shut down app', [{ command: 'vm.shutdown', subject: 'app' }]],
    ['shutdown app', [{ command: 'vm.shutdown', subject: 'app' }]],
    ['turn off a b', [{ command: 'vm.stop', subject: 'a b' }]],
    ['shut', [{ command: 'vm.shutdown', subject: '' }]],
    ['shut sql', [{ command: 'vm.shutdown', subject: 'sql' }]],
    ['turn sql-01', [{ command: 'vm.stop', subject: 'sql-01' }]],
    ['starting app', []],
    ['', []],
  ])('parses %j as the actions %j', (typed, expected) => {
    expect(actionWords(typed)).toEqual(expected);
  });

  test('an ambiguous word stands for each of the actions that begin with it', () => {
    expect(actionWords('res').map(({ command }) => command)).toEqual(['vm.restart', 'vm.reset', 'vm.resume']);
  });
});

describe('recently opened entries', () => {
  const vm = (id: string): Recent => ({ kind: 'vm', id, title: id });

  test('recent entries are listed newest first, each once, up to a limit', () => {
    const list = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'a'].reduce<readonly Recent[]>(
      (before, id) => withRecent(before, vm(id)),
      [],
    );
    expect(list.map(({ id }) => id)).toEqual(['a', 'g', 'f', 'e', 'd', 'c']);
  });

  test.each([[null], ['no JSON'], ['{}'], ['[1, {"kind": "vm"}]']])(
    'ignores recent entries that are stored as %j',
    (text) => {
      expect(parseRecent(text)).toEqual([]);
    },
  );
});

describe('entries of the palette', () => {
  const hosts = makeHosts(Date.now());
  const vms: readonly VmSummary[] = makeVms(61, hosts, Date.now());
  const fleet: PaletteFleet = {
    vms,
    hosts,
    clusters: makeClusters(),
    jobs: [],
    found: new Set(),
    shownState: ({ state }) => state,
    whyNot: () => null,
    pages: ['/', '/vms', '/hosts', '/jobs'],
  };
  const titles = (typed: string, recent: readonly Recent[] = []): string[] =>
    paletteItems(typed, recent, fleet).map(({ title }) => title);

  test('shows recent entries, then pages, while nothing is typed', () => {
    const [vm] = vms;
    if (!vm) throw new Error('There are no VMs.');
    expect(titles('', [{ kind: 'vm', id: vm.id, title: 'old name' }])).toEqual([
      vm.name,
      'Overview',
      'Virtual machines',
      'Hosts',
      'Jobs',
    ]);
  });

  test('shows the VM with the typed name first, then the actions that it allows', () => {
    const found = titles('app-web-01');
    expect(found[0]).toBe('APP-WEB-01');
    expect(found).toContain('Shut down APP-WEB-01');
    expect(found).not.toContain('Start APP-WEB-01');
  });

  test('shows the action for a typed verb and name, with the host, even if it is not possible', () => {
    const [item] = paletteItems('start app-web-01', [], fleet);
    expect(item).toMatchObject({ kind: 'action', command: 'vm.start', title: 'Start APP-WEB-01' });
    expect(item?.detail).toMatch(/^on HV-01\. Possible when/);
  });

  test('shows the recent VMs that allow the typed verb', () => {
    const vm = vms.find(({ state, stale }) => state === 'Running' && stale === null);
    if (!vm) throw new Error('No VM is running.');
    expect(titles('shut', [{ kind: 'vm', id: vm.id, title: vm.name }])[0]).toBe(`Shut down ${vm.name}`);
  });

  test('shows VMs that the service found by something other than the name', () => {
    const vm = vms[7];
    if (!vm) throw new Error('There are too few VMs.');
    const items = paletteItems('10.1.0.8', [], { ...fleet, found: new Set([vm.id]) });
    expect(items[0]?.title).toBe(vm.name);
  });

  test('shows the state of hosts and clusters', () => {
    expect(paletteItems('hv-branch', [], fleet)[0]).toMatchObject({ kind: 'host', detail: 'Unreachable' });
    expect(paletteItems('prod-cl', [], fleet)[0]).toMatchObject({ kind: 'cluster' });
  });

  test('shows why an action is not possible if the user lacks the permission', () => {
    const [item] = paletteItems('shut down app-web-01', [], { ...fleet, whyNot: () => 'You may not.' });
    expect(item).toMatchObject({ kind: 'action', reason: 'You may not.' });
  });
});
