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
 * route, and an error on the way is thrown as well.
 */
export class ServiceLogger extends ConsoleLogger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (!isOfFramework(rest)) super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (!isOfFramework(rest)) super.error(message, ...rest);
  }
}

/** Loggers hand on their context as the last argument. */
function isOfFramework(rest: readonly unknown[]): boolean {
  const context = rest.at(-1);
  return typeof context === 'string' && framework.has(context);
}
