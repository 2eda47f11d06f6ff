import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { RunspacePool } from '../../src/client/index.ts';
import { createPsrpShell, type Interceptor } from '../../src/server/index.ts';
import { readResponse } from '../../src/wsman/index.ts';
import { Harness } from '../server/harness.ts';
import { failure, never, opened, transportTo } from './connect.ts';
import { bytes } from '../server/fake-backend.ts';

const fault = (subcode: string): string =>
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><s:Body>` +
  `<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:${subcode}</s:Value></s:Subcode></s:Code>` +
  `<s:Reason><s:Text>no</s:Text></s:Reason><s:Detail/></s:Fault></s:Body></s:Envelope>`;

describe('a fault without a code', () => {
  test.each([
    ['TimedOut', 'isTimedOut'],
    ['Timedout', 'isTimedOut'],
    ['AccessDenied', 'isAccessDenied'],
    ['QuotaLimit', 'isQuota'],
    ['EncodingLimit', 'isTooLarge'],
    ['InvalidSelectors', 'isShellNotFound'],
    ['DestinationUnreachable', 'isUnknownEndpoint'],
    ['InvalidResourceURI', 'isUnknownEndpoint'],
  ] as const)('is identified by its subcode: %s', (subcode, predicate) => {
    const answer = readResponse('receive', fault(subcode));
    expect(!answer.ok && answer.fault[predicate]).toBe(true);
  });

  test('has no code if its subcode is unknown', () => {
    const answer = readResponse('receive', fault('Unheard'));
    expect(!answer.ok && [answer.fault.code, answer.fault.subcode]).toEqual([0, 'Unheard']);
  });

  test('that means a timeout continues a long poll', async () => {
    let polls = 0;
    await using harness = await Harness.start({
      backend: createPsrpShell({ commands: { 'Get-Answer': ({ write }) => write(42) } }),
      intercept: async ({ action }, next) => {
        if (action !== 'receive' || (polls += 1) % 2 === 0) return next();
        return {
          status: 500,
          headers: { 'content-type': 'application/soap+xml' },
          body: Buffer.from(fault('TimedOut')),
        };
      },
    });
    const pool = await RunspacePool.open(transportTo(harness));
    expect((await pool.invoke({ command: 'Get-Answer' }).collect()).output).toEqual([42]);
    expect(polls).toBeGreaterThan(2);
    await pool.close();
  });
});

/** An interceptor that puts an id of the host's choice into the answer to Command, and notes what clients ask by. */
function choosing(chosen: string) {
  const asked: string[] = [];
  const intercept: Interceptor = async ({ action, commandId }, next) => {
    if (commandId !== undefined) asked.push(`${action} ${commandId}`);
    const answer = await next();
    if (answer === undefined || action !== 'command' || commandId === undefined) return answer;
    return { ...answer, body: Buffer.from(answer.body.toString('utf8').replace(commandId, chosen)) };
  };
  return { asked, intercept };
}

describe('a host that chooses a different CommandId', () => {
  test('is addressed by that id from then on', async () => {
    const chosen = randomUUID();
    const { asked, intercept } = choosing(chosen);
    await using harness = await Harness.start({ intercept });
    const { transport } = await opened(harness);
    const id = randomUUID();
    await transport.createCommand(id, bytes('x'), never);
    for (const call of [
      transport.send('stdin', bytes('x'), id, never),
      transport.receive(id, never)[Symbol.asyncIterator]().next(),
      transport.signal(id, 'stop', never),
    ]) {
      expect((await failure(call)).fault?.isShellNotFound).toBe(true);
    }
    // The listener does not know the id, and so the command counts as gone.
    await transport.signal(id, 'terminate', never);
    expect(asked.slice(1).sort()).toEqual(
      ['receive', 'send', 'signal', 'signal'].map((action) => `${action} ${chosen}`),
    );
    await transport.close();
  });
});
