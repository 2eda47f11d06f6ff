import { encodeFragment, FragmentReader } from '../../src/core/index.ts';
import type {
  BackendCommand,
  BackendShell,
  CommandOpening,
  InputStream,
  ShellBackend,
  ShellOpening,
  ShellSignal,
} from '../../src/server/index.ts';

/** What a fake command was told, and the opening it can write to. */
export interface FakeCommand {
  readonly opening: CommandOpening;
  readonly sent: { stream: InputStream; data: string }[];
  readonly signals: ShellSignal[];
}

/** A backend without a protocol: bytes are text, and the test decides what a command does. */
export class FakeBackend implements ShellBackend {
  readonly shells: FakeShell[] = [];
  /** What each new command does; nothing unless a test says so. */
  onCommand: (command: FakeCommand) => void | Promise<void> = () => undefined;
  /** What a new shell does before Create is answered. */
  onOpen: (opening: ShellOpening) => void | Promise<void> = () => undefined;

  async open(opening: ShellOpening): Promise<BackendShell> {
    await this.onOpen(opening);
    const shell = new FakeShell(this, opening);
    this.shells.push(shell);
    return shell;
  }
}

export class FakeShell implements BackendShell {
  readonly opening: ShellOpening;
  readonly commands: FakeCommand[] = [];
  readonly sent: { stream: InputStream; data: string }[] = [];
  closed = 0;
  readonly #backend: FakeBackend;

  constructor(backend: FakeBackend, opening: ShellOpening) {
    this.#backend = backend;
    this.opening = opening;
  }

  async command(opening: CommandOpening): Promise<BackendCommand> {
    const command: FakeCommand = { opening, sent: [], signals: [] };
    this.commands.push(command);
    await this.#backend.onCommand(command);
    return {
      send: (stream, data) => {
        command.sent.push({ stream, data: text(data) });
        return Promise.resolve();
      },
      signal: (signal) => {
        command.signals.push(signal);
        return Promise.resolve();
      },
    };
  }

  send(stream: InputStream, data: Uint8Array): Promise<void> {
    this.sent.push({ stream, data: text(data) });
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }
}

export const bytes = (value: string): Uint8Array => Buffer.from(value, 'utf8');
export const text = (value: Uint8Array): string => Buffer.from(value).toString('utf8');

let objects = 0n;

/** Output as a listener passes it on: one fragment with this content. */
export function fragmentOf(content: string | Uint8Array): Uint8Array {
  const blob = typeof content === 'string' ? bytes(content) : content;
  return encodeFragment({ objectId: (objects += 1n), fragmentId: 0n, start: true, end: true, blob });
}

/** The content of whole fragments. */
export function contentOf(data: Uint8Array): Buffer {
  const reader = new FragmentReader(Number.MAX_SAFE_INTEGER);
  const blobs = [...reader.read(data)].map(({ blob }) => blob);
  if (reader.held > 0) throw new Error('A fragment is incomplete');
  return Buffer.concat(blobs);
}
