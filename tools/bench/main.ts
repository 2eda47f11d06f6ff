import { benchClixml } from './clixml.ts';
import { benchCalls } from './calls.ts';
import { benchFleet } from './fleet.ts';
import { benchLists } from './lists.ts';
import { benchRecovery } from './recovery.ts';
import { benchSession } from './session.ts';
import { printSection, writeJson, type BenchRow } from './report.ts';

const jsonAt = process.argv.indexOf('--json');
const jsonFile = jsonAt < 0 ? undefined : process.argv[jsonAt + 1];

const benches: Record<string, () => Promise<BenchRow[]>> = {
  'CLIXML, 5,000 objects of ten mixed properties': () => Promise.resolve(benchClixml()),
  'A call over WS-Management (client and server in one process)': benchCalls,
  'A session that loads the agent (real PowerShell, Basic over loopback)': benchSession,
  'A host that recovers (listeners of simulated hosts closed and reopened)': benchRecovery,
  'The service over a simulated fleet of 40 hosts with 50 VMs each': benchFleet,
  'Pages of 100 VMs over 100 hosts with 50 VMs each, one request at a time': benchLists,
};

const sections: Record<string, readonly BenchRow[]> = {};
for (const [title, bench] of Object.entries(benches)) {
  const rows = await bench();
  printSection(title, rows);
  sections[title] = rows;
}
if (jsonFile !== undefined) writeJson(jsonFile, sections);
