import 'reflect-metadata';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { createApp } from './app.ts';
import { loadConfig } from './config/load-config.ts';

const loaded = loadConfig(process.env);
if ('problems' in loaded) {
  process.stderr.write(
    `The configuration cannot be used:\n${loaded.problems.map((line) => `  - ${line}\n`).join('')}`,
  );
  process.exit(1);
}
const { config } = loaded;
const app = await createApp(config, {
  logger: new ConsoleLogger({ colors: process.stdout.hasColors?.() ?? false }),
});
await app.listen(config.port, config.bindAddress);
new Logger('Service').log(`Aether-V is ready at ${await app.getUrl()}`);
