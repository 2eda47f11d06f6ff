import { operationId, type Scenario } from './stage.ts';
import { fleetOf, small } from './worlds.ts';

const vms = [
  small('A'),
  small('B'),
  small('C'),
  small('BIG', { state: 'Running', memoryGb: 60 }),
  small('HANGS', { state: 'Running', manners: 'hangs' }),
  small('GUEST', { state: 'Running' }),
];

const world = { fleet: fleetOf(vms), hostId: 'n1' };

const sameAgain: Scenario = {
  name: 'the same id or key again',
  world,
  play: async (stage) => {
    const [a, b] = [stage.vm('A').vmId, stage.vm('B').vmId];
    const start = stage.envelope('vm.start', { vmId: a });
    const { id } = JSON.parse(start) as { id: string };
    await stage.send('first', start);
    await stage.send('again', start);
    await stage.call('again, another VM', 'vm.start', { vmId: b }, { id });
    await stage.call('again, another operation', 'vm.pause', { vmId: a }, { id });
    const keyed = { idempotencyKey: 'click "1" \u{1F642}' };
    await stage.call('key', 'vm.pause', { vmId: a }, keyed);
    await stage.call('key again', 'vm.pause', { vmId: a }, keyed);
    await stage.call('key again, another VM', 'vm.pause', { vmId: b }, keyed);
    const printed = { idempotencyKey: 'k2', fingerprint: 'a'.repeat(64) };
    await stage.call('fingerprint', 'vm.start', { vmId: b }, printed);
    await stage.call('fingerprint again', 'vm.start', { vmId: b }, printed);
    const other = { ...printed, fingerprint: 'b'.repeat(64) };
    await stage.call('another fingerprint', 'vm.start', { vmId: b }, other);
    await stage.call('status', 'operation.status', { operationId: id });
    await stage.call('status of nothing', 'operation.status', { operationId: operationId(9_999) });
    const refused = stage.envelope('vm.resume', { vmId: b });
    await stage.send('refused', refused);
    await stage.send('refused again', refused);
    await stage.call('list', 'operation.list', { since: null });
  },
};

const meanwhile: Scenario = {
  name: 'the same id while it runs, and a list of what began since',
  world,
  play: async (stage) => {
    const save = stage.envelope('vm.save', { vmId: stage.vm('BIG').vmId });
    const { id } = JSON.parse(save) as { id: string };
    stage.side.time.freeze();
    const running = await stage.begin(save);
    await running.until(({ type }) => type === 'progress');
    await stage.send('again', save);
    await stage.call('status', 'operation.status', { operationId: id });
    stage.side.time.thaw();
    await stage.finish('save', running);
    const since = new Date(stage.side.engine.clock.now()).toISOString();
    await stage.call('start', 'vm.start', { vmId: stage.vm('A').vmId });
    await stage.call('list', 'operation.list', { since });
    await stage.call('list of all', 'operation.list', { since: null });
  },
};

const cancelling: Scenario = {
  name: 'cancelling',
  world,
  play: async (stage) => {
    for (const [name, op] of [
      ['BIG', 'vm.save'],
      ['HANGS', 'vm.restart'],
      ['GUEST', 'vm.shutdown'],
      ['A', 'vm.start'],
    ] as const) {
      const force = op === 'vm.shutdown' ? { force: false } : {};
      const text = stage.envelope(op, { vmId: stage.vm(name).vmId, ...force });
      const { id } = JSON.parse(text) as { id: string };
      stage.side.time.freeze();
      const running = await stage.begin(text);
      await running.until(({ type }) => type === 'progress');
      await stage.call(`cancel ${op}`, 'operation.cancel', { operationId: id });
      stage.side.time.thaw();
      await stage.finish(op, running);
      await stage.call(`status of ${op}`, 'operation.status', { operationId: id });
      await stage.call(`cancel ${op} afterwards`, 'operation.cancel', { operationId: id });
    }
    const later = operationId(7_777);
    await stage.call('cancel what never came', 'operation.cancel', { operationId: later });
    await stage.call('cancel it again', 'operation.cancel', { operationId: later });
    await stage.call('then it comes', 'vm.start', { vmId: stage.vm('C').vmId }, { id: later });
    await stage.call('its status', 'operation.status', { operationId: later });
    await stage.call('list', 'operation.list', { since: null });
  },
};

const leaving: Scenario = {
  name: 'a session that dies, and a time that is too short',
  world,
  play: async (stage) => {
    const { time } = stage.side;
    const save = stage.envelope('vm.save', { vmId: stage.vm('BIG').vmId });
    const { id } = JSON.parse(save) as { id: string };
    time.freeze();
    const running = await stage.begin(save);
    await running.until(({ type }) => type === 'progress');
    await stage.side.dropSession();
    await stage.call('status while it runs', 'operation.status', { operationId: id });
    await stage.send('again while it runs', save);
    time.pass(60_000);
    await stage.call('status', 'operation.status', { operationId: id });
    await stage.send('again', save);
    time.thaw();
    const short = stage.envelope(
      'vm.shutdown',
      { vmId: stage.vm('HANGS').vmId, force: true },
      { timeoutSeconds: 60 },
    );
    const { id: shortId } = JSON.parse(short) as { id: string };
    await stage.send('too short', short);
    await stage.call('status of what goes on', 'operation.status', { operationId: shortId });
    time.pass(300_000);
    await stage.call('status at its end', 'operation.status', { operationId: shortId });
    await stage.send('the end again', short);
  },
};

const failing: Scenario = {
  name: 'a session that dies, and a job that fails afterwards',
  world,
  play: async (stage) => {
    const { engine, time } = stage.side;
    const { vmId } = stage.vm('BIG');
    const save = stage.envelope('vm.save', { vmId });
    const { id } = JSON.parse(save) as { id: string };
    time.freeze();
    const running = await stage.begin(save);
    await running.until(({ type }) => type === 'progress');
    await stage.side.dropSession();
    engine.setStorageLost('n1', vmId, true);
    // The job is asked by its number: what the VM has come to since is no sign of its end.
    engine.setStorageLost('n1', vmId, false);
    await stage.call('status', 'operation.status', { operationId: id });
    await stage.send('again', save);
    await stage.call('list', 'operation.list', { since: null });
    time.thaw();
    await stage.call('another save', 'vm.save', { vmId });
    await stage.send('the first one again', save);
  },
};

const fencing: Scenario = {
  name: 'fences, and envelopes that cannot be read',
  world,
  play: async (stage) => {
    await stage.call('a read before anything was changed', 'agent.info', {}, { fence: 9 });
    await stage.call('the first change', 'vm.start', { vmId: stage.vm('A').vmId }, { fence: 5 });
    for (const fence of [7, 6, 7, 123_456_789_012, 8]) {
      await stage.call(`fence ${fence} ${stage.newId()}`, 'agent.info', {}, { fence });
    }
    await stage.call('no fence', 'agent.info');
    const bad: Readonly<Record<string, string>> = {
      'no JSON': '{"contract":2',
      nothing: '',
      null: 'null',
      'a text': '"agent.info"',
      'two values': '{} {}',
      'another version of the contract': stage.envelope('agent.info', {}, { contract: 1 }),
      'a contract that is no number': stage.envelope('agent.info', {}, { contract: '1' }),
      'an unknown operation': stage.envelope('agent.info', {}, { op: 'vm.explode' }),
      'a name of an inherited property': stage.envelope('agent.info', {}, { op: 'constructor' }),
      'a name with a newline': stage.envelope('agent.info', {}, { op: 'agent.info\n' }),
      'an unknown field': stage.envelope('agent.info', {}, { more: 1 }),
      'an unknown field of the request': stage.envelope('agent.info', { more: 1 }),
      'a VM id that is none': stage.envelope('vm.start', { vmId: "x'; Remove-VM *" }),
      'a VM id with a newline': stage.envelope('vm.start', { vmId: `${stage.vm('A').vmId}\n` }),
      'a VM id in capitals': stage.envelope('vm.start', { vmId: stage.vm('A').vmId.toUpperCase() }),
      'a missing field': stage.envelope('vm.shutdown', { vmId: stage.vm('A').vmId }),
      'no time': stage.envelope('agent.info', {}, { timeoutSeconds: 0 }),
      'half a second': stage.envelope('agent.info', {}, { timeoutSeconds: 0.5 }),
      'an endless number': '{"contract":1e400}',
    };
    for (const [name, text] of Object.entries(bad)) await stage.send(name, text);
    await stage.send('a whole number with a point', stage.envelope('agent.info').replace('3600', '3600.0'));
  },
};

const noted: Scenario = {
  name: 'a test of the host, with a note of the service',
  world,
  play: async (stage) => {
    // A UUID of version 5, as children have it.
    const id = '5f8a5f0c-6c5b-5d8e-9c3f-2b1d0e4a7c69';
    const note = { text: '{"said":"\\u00e9 \\"quoted\\""}', mac: 'c'.repeat(64) };
    const text = stage.envelope('host.test', {}, { id, note });
    await stage.send('test', text);
    await stage.send('again', text);
    await stage.call('status', 'operation.status', { operationId: id });
    await stage.call('list', 'operation.list', { since: null });
    await stage.call('a note that is no ASCII', 'host.test', {}, { note: { ...note, text: '\u00e9' } });
    await stage.call('a note with a line end', 'host.test', {}, { note: { ...note, text: '{}\n' } });
    await stage.call('a note without its MAC', 'host.test', {}, { note: { text: '{}' } });
    await stage.call(
      'a version of UUID that is not made',
      'host.test',
      {},
      { id: id.replace('-5d8e', '-4d8e') },
    );
  },
};

/** The journal, and what stands before it. */
export const journalScenarios: readonly Scenario[] = [
  sameAgain,
  meanwhile,
  cancelling,
  leaving,
  failing,
  fencing,
  noted,
];
