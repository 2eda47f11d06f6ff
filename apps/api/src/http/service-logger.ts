import { ConsoleLogger } from '@nestjs/common';

/** What Nest says of its own start; nobody who runs the service needs a line for each route. */
const startUp = new Set([
  'InstanceLoader',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
  'NestApplication',
]);

/** The console's log without the framework's account of how it starts. */
export class ServiceLogger extends ConsoleLogger {
  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && startUp.has(context)) return;
    super.log(message, ...rest);
  }
}
