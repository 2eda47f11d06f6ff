import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { Logger } from '@nestjs/common';
import { createApp } from './app.ts';
import { AuditLog } from './audit/audit-log.ts';
import { systemClock } from './common/clock.ts';
import { loadConfig } from './config/load-config.ts';
import { tlsPaths } from './config/tls-paths.ts';
import { explainListenError } from './http/listen-error.ts';
import { serviceUrl } from './http/service-url.ts';
import { prepareTls } from './http/tls/prepare-tls.ts';
import { LogFile } from './logs/log-file.ts';
import { logLevels, makeLogFile } from './logs/make-log-file.ts';
import { ServiceLogger } from './logs/service-logger.ts';

const loaded = loadConfig(process.env);
if ('problems' in loaded) {
  const lines = loaded.problems.map((line) => `  - ${line}\n`).join('');
  process.stderr.write(`The configuration is invalid:\n${lines}`);
  process.exit(1);
}
const { config } = loaded;
const tlsProblem = await prepareTls(config, systemClock.now(), (line) => process.stdout.write(`${line}\n`));
if (tlsProblem !== null) {
  process.stderr.write(`${tlsProblem}\n`);
  process.exit(1);
}
// Relative to the bundle, dist/main.js.
const builtConsole = '../../web/dist';
const logFile = makeLogFile(config, systemClock);
const app = await createApp(config, {
  logger: new ServiceLogger({ colors: isatty(1), logLevels: [...logLevels(config)] }, logFile),
  ...(logFile === null ? {} : { replacements: [{ provide: LogFile, useValue: logFile }] }),
  webRoot: config.webRoot ?? fileURLToPath(new URL(builtConsole, import.meta.url)),
});
app.get(AuditLog).start();
try {
  await app.listen(config.port, config.bindAddress);
} catch (error) {
  const explanation = explainListenError(error, config);
  await app.close();
  if (explanation === undefined) throw error;
  process.stderr.write(`${explanation}\n`);
  process.exit(1);
}
const { address, port } = app.getHttpServer().address() as AddressInfo;
new Logger('Service').log(`Aether-V is ready at ${serviceUrl({ address, port }, tlsPaths(config) !== null)}`);
