import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageName } from '../src/host-adapter/agent/agent-package.ts';
import { shippedAgent } from '../src/host-adapter/agent/shipped-agent.ts';

// The package that hosts download with AGENT_DEPLOYMENT=download; publish it in the folder of AGENT_DOWNLOAD_BASE_URL.
const target = fileURLToPath(new URL('../dist/agent/', import.meta.url));
const agent = shippedAgent();
mkdirSync(target, { recursive: true });
const path = join(target, packageName(agent.version));
writeFileSync(path, agent.archive);
console.log(path);
