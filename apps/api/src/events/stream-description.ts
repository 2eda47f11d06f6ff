import { referTo } from '../openapi/components.ts';

/** What the OpenAPI document says of the stream. */
export const streamDescription = `The first event is \`hello\`. A reader that names a version then gets every row that changed since, as it now is; one that
names none gets what changes from now on. The id of an event is the version of the fleet with it.

- \`hello\` (HelloEvent): the id of this stream, the version of the fleet, and the time by the service's clock.
- \`row\` (RowEvent): a row that came or changed, complete; of a VM its summary, also when only other parts of it changed.
- \`deleted\` (DeletedEvent): a row that is gone.
- \`reset\` (ResetEvent): the version asked for cannot be resumed from. Read everything again.
- \`usage\` (UsageEvent): samples of what the stream was told is on the screen. Not versioned.`;

/** The payloads, one of which each event carries. */
export const streamEvents = {
  oneOf: [
    referTo('HelloEvent'),
    referTo('RowEvent'),
    referTo('DeletedEvent'),
    referTo('ResetEvent'),
    referTo('UsageEvent'),
  ],
};
