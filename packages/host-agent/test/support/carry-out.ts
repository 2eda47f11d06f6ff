import type { AgentLine } from '@aether-v/types';
import { parseLine } from '../conformance/conversation.ts';
import { operationId } from '../conformance/stage.ts';
import type { AgentSession } from './agent-host.ts';

/** Every line of an operation, which has an hour unless it is told otherwise, and an id made of this number. */
export async function carryOut(
  session: AgentSession,
  number: number,
  op: string,
  request: object,
  timeoutSeconds = 3_600,
): Promise<readonly AgentLine[]> {
  const id = operationId(number);
  const envelope = { contract: 2, id, op, timeoutSeconds, actor: 'ann', request };
  const lines: AgentLine[] = [];
  for await (const line of session.run(JSON.stringify(envelope))) lines.push(parseLine(line));
  return lines;
}
