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
