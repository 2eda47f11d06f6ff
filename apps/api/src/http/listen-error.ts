import type { Config } from '../config/settings.ts';

/**
 * Explains in one line why the service cannot listen and how to correct it; undefined for errors unrelated to the
 * configuration.
 */
export function explainListenError(
  error: unknown,
  { port, bindAddress }: Pick<Config, 'port' | 'bindAddress'>,
): string | undefined {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return `Port ${port} is in use. Set PORT to another port.`;
    case 'EACCES':
      return `This account is not allowed to listen on port ${port}. Set PORT to a port above 1023.`;
    case 'EADDRNOTAVAIL':
      return `This machine does not have the address ${bindAddress}. Set BIND_ADDRESS to one of its addresses.`;
    default:
      return undefined;
  }
}
