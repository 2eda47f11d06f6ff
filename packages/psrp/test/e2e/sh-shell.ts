import { processShell } from '../../src/process/index.ts';

/** A WinRS shell that runs command lines as they are, by the shell that there is here. */
export const shShell = processShell({ spawn: ({ line }) => ({ command: '/bin/sh', args: ['-c', line] }) });
