import { maxLineBytes, toAsciiJson, type AgentLine } from '@aether-v/types';

/** A line without the parts that every line of an operation carries. */
export type LineBody = WithoutStamp<AgentLine>;

type WithoutStamp<T> = T extends unknown ? Omit<T, 'op' | 'seq'> : never;

/** Formats one line of the contract. Throws `RangeError` if it is longer than the contract allows. */
export function toAgentLine(op: string, seq: number, body: LineBody): string {
  const line = toAsciiJson({ op, seq, ...body });
  if (line.length > maxLineBytes)
    throw new RangeError(`A ${body.type} line of ${line.length} bytes is too long.`);
  return line;
}
