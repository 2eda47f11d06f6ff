import { writeFileSync } from 'node:fs';
import { troubleshootingDocument } from '../src/doctor/render-troubleshooting.ts';

const page = new URL('../../../docs/troubleshooting.md', import.meta.url);
writeFileSync(page, `${troubleshootingDocument()}\n`);
