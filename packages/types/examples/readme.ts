import { Compile } from 'typebox/compile';
import { AgentLine, isActionAllowed, vmActions } from '@aether-v/types';

const line = Compile(AgentLine);
console.log(line.Check({ op: 'not a UUID', seq: 0, type: 'heartbeat', at: 'now' })); // false: hosts are untrusted

console.log(vmActions.shutdown.allowedStates); // ['Running']
console.log(isActionAllowed('start', { state: 'Off', critical: false })); // true
