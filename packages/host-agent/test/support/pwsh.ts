import { spawnSync } from 'node:child_process';

const found = spawnSync('pwsh', ['-NoLogo', '-NoProfile', '-Version']).status === 0;
const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('pwsh');

/** Skips where there is no PowerShell, unless it is required: then the tests fail by themselves. */
export const skip = !found && !required;
/** Says so in the title. */
export const skipReason = skip ? ' (skipped: there is no pwsh on PATH)' : '';
