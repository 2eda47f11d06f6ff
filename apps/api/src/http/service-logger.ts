import { ConsoleLogger } from '@nestjs/common';

/** Parts of Nest that tell of their own start. */
const framework = new Set([
  'InstanceLoader',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
  'NestApplication',
]);

/**
 * The console's log without the framework's account of how it starts: nobody who runs the service needs a line for each
 * route, and an error on the way is thrown as well. Hosts have a say in what is logged of them, and audit entries stand in
 * the same log: so no text can begin a line of its own or steer a terminal.
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

/** Loggers hand on their context as the last argument. */
function isOfFramework(rest: readonly unknown[]): boolean {
  const context = rest.at(-1);
  return typeof context === 'string' && framework.has(context);
}

/** Text with its control characters and line separators written out. */
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
