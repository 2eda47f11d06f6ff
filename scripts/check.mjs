// `npm run check`: installs what is missing, then checks format, lint, types, import cycles and unused code, without
// tests.
import { printTimes, runGates, staticGates } from './lib/gates.mjs';
import { ensureInstalled } from './lib/workspace.mjs';

ensureInstalled();
const began = Date.now();
const gates = await runGates(staticGates);
printTimes([...gates, { name: 'total', ms: Date.now() - began }]);
process.exit(gates.every(({ ok }) => ok) ? 0 : 1);
