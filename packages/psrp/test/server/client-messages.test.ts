import { constants, generateKeyPairSync, privateDecrypt, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { PsScalar, psObject, type PsValue } from '../../src/clixml/index.ts';
import {
  ClientRunspacePool,
  emptyGuid,
  encodeMessage,
  messageTypes,
  type ClientEvent,
  type MessageType,
  type PipelineRequest,
} from '../../src/core/index.ts';
import { createPsrpShell, type BackendShell, type OutputSink } from '../../src/server/index.ts';
import { undecodable, whole } from '../client/support/spoiled-host.ts';

class Output implements OutputSink {
  readonly #closed = new AbortController();
  readonly chunks: Uint8Array[] = [];
  closed = this.#closed.signal;
  ended = Promise.withResolvers<undefined>();

  write(data: Uint8Array): Promise<void> {
    this.chunks.push(data);
    return Promise.resolve();
  }

  end(): void {
    this.ended.resolve(undefined);
  }
}

function request(value: PsValue = 1, noInput = true): PipelineRequest {
  const parameters = [{ name: 'Value', value }];
  const command = {
    text: 'echo',
    isScript: false,
    useLocalScope: false,
    parameters,
    mergeErrorToOutput: false,
  };
  return { statements: [[command]], noInput, addToHistory: false, isNested: false, remoteStreamOptions: 0 };
}

/** A served pool and the client half that opened it. */
class Served {
  readonly id = randomUUID();
  readonly client = new ClientRunspacePool({ id: this.id });
  readonly output = new Output();
  #shell: BackendShell | undefined;

  static async open(): Promise<Served> {
    const served = new Served();
    served.client.open();
    served.#shell = await createPsrpShell({
      commands: {
        echo: async ({ parameters, input, write }) => {
          for await (const item of input) await write(item);
          await write(parameters.get('Value') ?? null);
        },
      },
    }).open({
      shellId: served.id.toUpperCase(),
      resourceUri: 'test',
      principal: 'tester',
      creation: served.client.dataToSend(100_000)?.data ?? new Uint8Array(),
      output: served.output,
    });
    served.answers();
    expect(served.client.state).toBe('Opened');
    return served;
  }

  get shell(): BackendShell {
    if (this.#shell === undefined) throw new Error('Not open');
    return this.#shell;
  }

  /** What the pool itself has answered since the last call. */
  answers(): ClientEvent[] {
    for (const chunk of this.output.chunks.splice(0)) this.client.receiveData(chunk);
    return this.#events();
  }

  /** Runs a pipeline to its end. */
  async run(wanted: PipelineRequest, messages: (id: string) => readonly Uint8Array[] = () => []) {
    const id = randomUUID();
    this.client.createPipeline(id, wanted);
    const output = new Output();
    const args = this.client.dataToSend(100_000, id)?.data ?? new Uint8Array();
    const command = await this.shell.command({ commandId: id.toUpperCase(), args, output });
    for (const data of messages(id)) await command.send('stdin', data);
    await output.ended.promise;
    for (const chunk of output.chunks) this.client.receiveData(chunk, id);
    const events = this.#events();
    const state = events.find((event) => event.type === 'PIPELINE_STATE')?.body;
    return { state: state?.state, error: state?.error, types: events.map(({ type }) => type) };
  }

  #events(): ClientEvent[] {
    const events: ClientEvent[] = [];
    for (let event = this.client.nextEvent(); event !== undefined; event = this.client.nextEvent())
      events.push(event);
    return events;
  }
}

/** A message that a client may send, about the pool. */
function message(type: MessageType, payload: PsValue | undefined, pipelineId = emptyGuid): Uint8Array {
  return whole(encodeMessage({ destination: 'server', type, poolId: emptyGuid, pipelineId, payload }));
}

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The key as clients of MS-PSRP write it: a PUBLICKEYBLOB. */
function publicKeyBlob(): string {
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const exponent = Buffer.alloc(4);
  Buffer.from(e, 'base64url').reverse().copy(exponent);
  const head = Buffer.from('0602000000a400005253413100080000', 'hex');
  return Buffer.concat([head, exponent, Buffer.from(n, 'base64url').reverse()]).toString('base64');
}

/** Every message of the pool that a client may send, and the answers to it. */
const poolMessages: readonly (readonly [MessageType, PsValue, readonly string[]])[] = [
  ['PUBLIC_KEY', psObject({ PublicKey: publicKeyBlob() }), ['ENCRYPTED_SESSION_KEY']],
  ['PUBLIC_KEY', psObject({ PublicKey: 'bm8ga2V5' }), []],
  ['GET_AVAILABLE_RUNSPACES', psObject({ ci: 1n }), ['RUNSPACE_AVAILABILITY']],
  ['SET_MAX_RUNSPACES', psObject({ ci: 2n, MaxRunspaces: 3 }), ['RUNSPACE_AVAILABILITY']],
  ['SET_MAX_RUNSPACES', psObject({ ci: 2n, MaxRunspaces: -1 }), ['RUNSPACE_AVAILABILITY']],
  ['SET_MIN_RUNSPACES', psObject({ ci: 3n, MinRunspaces: 1 }), ['RUNSPACE_AVAILABILITY']],
  ['RESET_RUNSPACE_STATE', psObject({ ci: 4n }), ['RUNSPACE_AVAILABILITY']],
  [
    'CONNECT_RUNSPACEPOOL',
    psObject({ MinRunspaces: 1, MaxRunspaces: 1 }),
    ['RUNSPACEPOOL_INIT_DATA', 'APPLICATION_PRIVATE_DATA'],
  ],
  ['RUNSPACEPOOL_HOST_RESPONSE', psObject({ ci: 1n, mi: 11 }), []],
  ['SESSION_CAPABILITY', psObject({ protocolversion: new PsScalar('Version', '2.3') }), []],
  ['INIT_RUNSPACEPOOL', psObject({ MinRunspaces: 1, MaxRunspaces: 1 }), []],
];

describe('a served pool', () => {
  test.each(poolMessages)('continues after %s', async (type, payload, answers) => {
    const served = await Served.open();
    await served.shell.send('stdin', message(type, payload));
    expect(served.answers().map((event) => event.type)).toEqual(answers);
    expect(await served.run(request())).toMatchObject({ state: 'Completed' });
  });

  test('answers a public key with a session key that its owner can decrypt', async () => {
    const served = await Served.open();
    await served.shell.send('stdin', message('PUBLIC_KEY', psObject({ PublicKey: publicKeyBlob() })));
    const [answer] = served.answers();
    const blob = Buffer.from(answer?.type === 'ENCRYPTED_SESSION_KEY' ? answer.body : '', 'base64');
    expect(blob.subarray(0, 12).toString('hex')).toBe('010200001066000000a40000');
    const encrypted = Buffer.from(blob.subarray(12)).reverse();
    expect(privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, encrypted)).toHaveLength(
      32,
    );
  });

  test('fails only a pipeline with a secure string', async () => {
    const served = await Served.open();
    expect(await served.run(request(new PsScalar('SS', 'AAAA')))).toMatchObject({
      state: 'Failed',
      error: { fullyQualifiedErrorId: 'InvalidRequest' },
    });
    expect(await served.run(request())).toMatchObject({ state: 'Completed' });
  });

  const ofPool = (Object.keys(messageTypes) as MessageType[]).filter(
    (type) => messageTypes[type].scope === 'pool',
  );
  test.each(ofPool)('continues after an unreadable %s', async (type) => {
    const served = await Served.open();
    await served.shell.send('stdin', whole(undecodable(type)));
    await served.shell.send('stdin', whole(new Uint8Array(12)));
    expect(await served.run(request())).toMatchObject({ state: 'Completed' });
  });

  const ofPipeline = (Object.keys(messageTypes) as MessageType[]).filter(
    (type) => messageTypes[type].scope === 'pipeline' && type !== 'END_OF_PIPELINE_INPUT',
  );
  test.each(ofPipeline)('fails only the pipeline that received an unreadable %s', async (type) => {
    const served = await Served.open();
    const result = await served.run(request(1, false), (id) => [whole(undecodable(type, id))]);
    expect(result).toMatchObject({ state: 'Failed', error: { fullyQualifiedErrorId: 'InvalidRequest' } });
    expect(await served.run(request())).toMatchObject({ state: 'Completed' });
  });

  test('accepts host responses for a pipeline without a host call', async () => {
    const served = await Served.open();
    const result = await served.run(request(1, false), (id) => [
      message('PIPELINE_HOST_RESPONSE', psObject({ ci: 1n, mi: 11 }), id),
      message('END_OF_PIPELINE_INPUT', undefined, id),
    ]);
    expect(result).toMatchObject({ state: 'Completed' });
  });

  test('fails only a request for command metadata', async () => {
    const served = await Served.open();
    const id = randomUUID();
    const output = new Output();
    const payload = psObject({ Name: '*', CommandType: 8, Namespace: null, ArgumentList: null });
    await served.shell.command({
      commandId: id.toUpperCase(),
      args: message('GET_COMMAND_METADATA', payload, id),
      output,
    });
    await output.ended.promise;
    expect(output.chunks).toHaveLength(1);
    expect(await served.run(request())).toMatchObject({ state: 'Completed' });
  });
});
