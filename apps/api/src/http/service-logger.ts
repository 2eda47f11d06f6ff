import { ConsoleLogger } from '@nestjs/common';

/** Nest components that log their own startup. */
const framework = new Set([
  'InstanceLoader',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
  'NestApplication',
]);

/**
 * Logs to the console without the framework's startup messages: operators do not need a line per route, and startup
 * errors are thrown as well. Hosts influence logged text, and the log contains audit entries, so no text may start a
 * new line or control a terminal.
 */
export class ServiceLogger extends ConsoleLogger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (!isOfFramework(rest)) super.log(onOneLine(message), ...rest);
  }

  override warn(message: unknown, ...rest: unknown[]): void {
    super.warn(onOneLine(message), ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (isOfFramework(rest)) return;
    const stacks = rest.slice(0, -1).map((stack) => indented(stack));
    super.error(onOneLine(message), ...stacks, ...rest.slice(-1));
  }
}

/** Loggers pass their context as the last argument. */
function isOfFramework(rest: readonly unknown[]): boolean {
  const context = rest.at(-1);
  return typeof context === 'string' && framework.has(context);
}

/** Escapes control characters and line separators. */
function onOneLine(message: unknown): unknown {
  if (typeof message !== 'string') return message;
  return message.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function indented(stack: unknown): unknown {
  if (typeof stack !== 'string' || stack === '') return stack;
  return stack
    .split('\n')
    .map((line) => `    ${String(onOneLine(line))}`)
    .join('\n');
}
