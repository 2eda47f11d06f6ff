import { readFileSync, writeFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { systemClock } from '../common/clock.ts';
import { hostEndpoint } from '../config/host-endpoint.ts';
import { configuredProbe } from '../host-adapter/connect/configured-probe.ts';
import { doctor } from './doctor.ts';

/** Time to close open connections after an interrupt, in milliseconds. */
const farewell = 500;

const leaving = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    leaving.abort(new Error('The doctor was interrupted'));
    // A second interrupt does not wait, and an unresponsive host cannot delay the exit.
    setTimeout(() => process.exit(130), name === 'SIGINT' ? farewell : 0).unref();
  });
}

try {
  process.exitCode = await doctor(process.argv.slice(2), {
    environment: process.env,
    clock: systemClock,
    signal: leaving.signal,
    colors: isatty(1) && (process.env['NO_COLOR'] ?? '') === '',
    probe: (target, config) => configuredProbe(hostEndpoint(target), config),
    print: (text) => void process.stdout.write(text),
    complain: (text) => void process.stderr.write(text),
    version: versionOf(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')),
    writeFile: (path, text) => writeFileSync(path, text, { mode: 0o600 }),
  });
} catch (error) {
  if (!leaving.signal.aborted) throw error;
  process.exitCode = 130;
}
// A connection that a host keeps open cannot delay the exit for long.
setTimeout(() => process.exit(), 2 * farewell).unref();

function versionOf(manifest: string): string {
  const parsed: unknown = JSON.parse(manifest);
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : '';
}
