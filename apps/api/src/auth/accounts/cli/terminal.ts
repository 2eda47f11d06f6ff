import { createInterface } from 'node:readline';
import type { ReadStream } from 'node:tty';

/** A terminal, or a fake one in tests. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>;
  print(text: string): void;
  complain(text: string): void;
}

/** An interrupted prompt (Ctrl+C). */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

const enter = ['\r', '\n'];
const erase = ['\u007f', '\b'];
const interrupt = ['\u0003', '\u0004'];

/** Asks for a password without showing it. @throws Interrupted */
export function askHidden(terminal: Terminal, question: string): Promise<string> {
  const { input } = terminal;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let typed: string[] = [];
  const end = (finish: () => void): void => {
    input.removeListener('data', read);
    input.setRawMode?.(false);
    input.pause();
    terminal.complain('\n');
    finish();
  };
  const read = (chunk: string | Buffer): void => {
    for (const character of chunk.toString()) {
      if (enter.includes(character)) {
        end(() => resolve(typed.join('')));
        return;
      }
      if (interrupt.includes(character)) {
        end(() => reject(new Interrupted('interrupted')));
        return;
      }
      if (erase.includes(character)) typed = typed.slice(0, -1);
      else typed.push(character);
    }
  };
  // Not to standard output, which a script may capture.
  terminal.complain(question);
  input.setRawMode?.(true);
  input.setEncoding('utf8');
  input.on('data', read);
  input.resume();
  return promise;
}

/** Reads the first line of the input; empty if there is none. */
export async function readLine({ input }: Terminal): Promise<string> {
  const lines = createInterface({ input, crlfDelay: Infinity });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
  }
}
