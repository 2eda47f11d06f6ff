import { writeFileSync } from 'node:fs';
import { configurationDocument, envExample } from '../src/config/render-settings.ts';

const root = new URL('../../../', import.meta.url);
writeFileSync(new URL('docs/configuration.md', root), `${configurationDocument()}\n`);
writeFileSync(new URL('.env.example', root), envExample());
