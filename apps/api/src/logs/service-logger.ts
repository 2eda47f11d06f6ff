import { ConsoleLogger, type ConsoleLoggerOptions } from '@nestjs/common';
import { escapeControls } from './escape-controls.ts';
import type { LogFile } from './log-file.ts';

/** Nest components that log their own startup. */
const framework = new Set([
  'InstanceLoader',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
  'NestApplication',
]);

type PrintArguments = Parameters<ConsoleLogger['printMessages']>;

/**
 * Logs to the console, and to a file if there is one, without the framework's startup messages: operators do not need a
 * line per route, and startup errors are thrown as well. Hosts influence logged text, and standard output contains audit
 * entries, so no text may start a new line or control a terminal.
 */
export class ServiceLogger extends ConsoleLogger {
  readonly #file: LogFile | null;

  constructor(options: ConsoleLoggerOptions, file: LogFile | null = null) {
    super(options);
    this.#file = file;
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (!isOfFramework(rest)) super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (!isOfFramework(rest)) super.error(message, ...rest);
  }

  protected override printMessages(
    messages: PrintArguments[0],
    context: PrintArguments[1],
    level: PrintArguments[2],
    stream: PrintArguments[3],
    stack: PrintArguments[4],
    params: PrintArguments[5],
  ): void {
    super.printMessages(messages.map(onOneLine), context, level, stream, stack, params);
    for (const message of messages) {
      this.#file?.write({
        level: level ?? 'log',
        context: context ?? '',
        message,
        ...(typeof stack === 'string' ? { stack } : {}),
      });
    }
  }

  protected override printStackTrace(stack: string | undefined): void {
    if (stack !== undefined && stack !== '') super.printStackTrace(indented(stack));
  }
}

/** Loggers pass their context as the last argument. */
function isOfFramework(rest: readonly unknown[]): boolean {
  const context = rest.at(-1);
  return typeof context === 'string' && framework.has(context);
}

function onOneLine(message: unknown): unknown {
  return typeof message === 'string' ? escapeControls(message) : message;
}

function indented(stack: string): string {
  return stack
    .split('\n')
    .map((line) => `    ${String(onOneLine(line))}`)
    .join('\n');
}
