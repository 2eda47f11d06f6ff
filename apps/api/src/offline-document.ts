import 'reflect-metadata';
import { createApp } from './app.ts';
import { loadConfig } from './config/load-config.ts';

/** Returns the OpenAPI document as text, from an application that neither listens nor connects to hosts. */
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
