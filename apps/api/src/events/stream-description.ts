import { DeletedEvent, HelloEvent, ResetEvent, RowEvent, UsageEvent } from '@aether-v/types';
import { referTo } from '../openapi/components.ts';

/** Description of the event stream in the OpenAPI document. */
export const streamDescription = `The first event is \`hello\`. With a version, the reader then gets the current state of every row that has changed
since that version; without one, it gets changes from now on. The id of an event is the fleet's version after it.

- \`hello\` (HelloEvent): the stream's id, the fleet's version, and the service's time.
- \`row\` (RowEvent): a complete row that was added or changed. For a VM it is the summary, even if only other parts changed.
- \`deleted\` (DeletedEvent): a row that was removed.
- \`reset\` (ResetEvent): the requested version is no longer available. Read everything again.
- \`usage\` (UsageEvent): samples of the VMs selected for this stream. Not versioned.`;

/** The payload schema of each event. */
export const streamEvents = {
  oneOf: [
    referTo(HelloEvent),
    referTo(RowEvent),
    referTo(DeletedEvent),
    referTo(ResetEvent),
    referTo(UsageEvent),
  ],
};
