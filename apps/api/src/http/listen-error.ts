import type { Config } from '../config/settings.ts';

/** Why the service cannot listen and what to do, in one line; undefined for what is no matter of configuration. */
export function explainListenError(
  error: unknown,
  { port, bindAddress }: Pick<Config, 'port' | 'bindAddress'>,
): string | undefined {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return `Port ${port} is in use; set PORT to another one.`;
    case 'EACCES':
      return `Port ${port} may not be used by this account; set PORT to one above 1023.`;
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${bindAddress}; set BIND_ADDRESS to one that it has.`;
    default:
      return undefined;
  }
}
