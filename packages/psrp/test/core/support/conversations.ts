import { readdirSync, readFileSync } from 'node:fs';
import { decodePacket, type Packet } from '../../../src/process/packet.ts';

/** One recorded conversation of testdata/golden/psrp. */
export interface Conversation {
  readonly name: string;
  /** `events` is only their number, in words, where there are very many. */
  readonly scripts: readonly {
    readonly script: string;
    readonly state: string;
    readonly events: string[] | string;
  }[];
  readonly lines: readonly { readonly from: 'client' | 'server'; readonly line: string }[];
}

const folder = new URL('../../../testdata/golden/psrp/', import.meta.url);

/** All recorded conversations. */
export const conversations: readonly Conversation[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Conversation);

/** The packets of one side, in their order. */
export function packetsFrom(conversation: Conversation, side: 'client' | 'server'): Packet[] {
  return conversation.lines.filter(({ from }) => from === side).map(({ line }) => decodePacket(line));
}
