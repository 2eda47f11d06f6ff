/** RunspacePoolState, each name at the place of its number (MS-PSRP 2.2.3.4). */
export const runspacePoolStates = [
  'BeforeOpen',
  'Opening',
  'Opened',
  'Closed',
  'Closing',
  'Broken',
  'NegotiationSent',
  'NegotiationSucceeded',
  'Connecting',
  'Disconnected',
] as const;

/** A state of a runspace pool. */
export type RunspacePoolState = (typeof runspacePoolStates)[number];

/** PSInvocationState, each name at the place of its number (MS-PSRP 2.2.3.5). */
export const pipelineStates = [
  'NotStarted',
  'Running',
  'Stopping',
  'Stopped',
  'Completed',
  'Failed',
  'Disconnected',
] as const;

/** A state of a pipeline. */
export type PipelineState = (typeof pipelineStates)[number];

/** The states that a pipeline does not leave any more. */
export type FinalPipelineState = 'Stopped' | 'Completed' | 'Failed';

/** Whether a pipeline has ended. */
export function isFinal(state: PipelineState): state is FinalPipelineState {
  return state === 'Stopped' || state === 'Completed' || state === 'Failed';
}
