import { basic, RunspacePool, wsmanTransport } from '../../../src/client/index.ts';

// A service to be killed: opens a pool, says so, and does nothing more.
const [url = '', name = ''] = process.argv.slice(2);
const transport = wsmanTransport({ url, authenticator: basic('operator', 'secret') });
await RunspacePool.open(transport, { name });
process.stdout.write('open');
