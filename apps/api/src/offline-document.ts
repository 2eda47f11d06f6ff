import 'reflect-metadata';
import { createApp } from './app.ts';
import { loadConfig } from './config/load-config.ts';

/** The OpenAPI document as text, of an application that reaches no host and listens nowhere. */
export async function offlineDocument(): Promise<string> {
  const loaded = loadConfig({});
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  const app = await createApp(loaded.config, { logger: false });
  try {
    const { body } = await app.inject({ url: '/openapi.json', headers: { host: 'localhost' } });
    return `${JSON.stringify(JSON.parse(body), null, 2)}\n`;
  } finally {
    await app.close();
  }
}
