import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { page, total } from './rest-page.ts';
import { Guid, HostId, VersionText } from './scalars.ts';
import { VmStateSchema, VmSummary, vmSummaryFields } from './vm.ts';

const strict = { additionalProperties: false };

/** The fields by which lists of VMs can be sorted. */
export const vmSortFields = [
  'name',
  'state',
  'host',
  'cluster',
  'cpu',
  'memory',
  'processors',
  'startedAt',
  'createdAt',
] as const;
/** A field by which lists of VMs can be sorted. */
export type VmSortField = (typeof vmSortFields)[number];

/** The values of `sort`: a field, or `-` and a field for descending order. */
export const vmSorts = [
  ...vmSortFields,
  ...vmSortFields.map((field) => `-${field}` as const),
] satisfies readonly (VmSortField | `-${VmSortField}`)[];
/** A value of `sort`. */
export type VmSort = (typeof vmSorts)[number];

const search = `Words that must all occur in a VM: in its name, id, state, notes, host, cluster, guest operating system, guest host name,
addresses, MAC addresses, switches or VLANs. Case and accents are ignored. Quotation marks enclose spaces: \`"web server"\`.

A prefix limits a value to one field: \`name:\`, \`state:\`, \`host:\`, \`cluster:\`, \`os:\`, \`ip:\`, \`mac:\`, \`vlan:\`, \`switch:\`, as in
\`os:"server 2025" vlan:20\`. A VM must match one of the values of each prefix.

- \`ip:\` takes an address or the beginning of one, IPv6 compressed or not; \`mac:\` takes any notation.
- \`vlan:\` takes a number, and also finds trunks that allow it.
- \`state:\` takes the beginning of a state, or \`critical\`.`;

const sort = `The field by which the list is sorted; \`-\` reverses the order. Default: \`name\`. VMs without a value come last; equal ones
are sorted by name.

- \`name\`, \`host\`, \`cluster\`: without case and accents, numbers by value
- \`cpu\`: percent, and \`memory\`: assigned memory, both of the latest usage sample
- \`processors\`: number of virtual processors
- \`startedAt\`, \`createdAt\`: time
- \`state\`: name of the state`;

/**
 * The query parameters of `GET /vms`. A repeated filter matches any of its values; different filters must all match.
 */
export const VmQuery = Type.Object(
  {
    state: Type.Optional(Type.Array(VmStateSchema, { maxItems: 100 })),
    hostId: Type.Optional(Type.Array(HostId, { maxItems: 100 })),
    clusterId: Type.Optional(Type.Array(Guid, { maxItems: 100 })),
    search: Type.Optional(Type.String({ maxLength: 200, description: search })),
    sort: Type.Optional(oneOf(vmSorts, { description: sort })),
    fields: Type.Optional(
      Type.Array(oneOf(vmSummaryFields), {
        minItems: 1,
        maxItems: 100,
        explode: false,
        description: 'The fields of each item, separated by commas; `id` is always included. Default: all.',
      }),
    ),
    ...page,
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        description:
          '`nextCursor` of the previous page; cannot be combined with `offset`. Items added or removed in the meantime cause no repeated or skipped items.',
      }),
    ),
  },
  strict,
);

const rest = {
  total,
  version: VersionText,
  nextCursor: nullable(Type.String({ description: 'Cursor of the next page; null on the last.' })),
};

/** A page of VMs. */
export const VmList = Type.Object({ items: Type.Array(VmSummary), ...rest }, { $id: 'VmList' });

/** The fields of a VM that the query names. */
export const VmFields = Type.Object(
  { ...Type.Partial(VmSummary).properties, id: VmSummary.properties.id },
  { $id: 'VmFields' },
);

/** A page of VMs with the fields that the query names. */
export const VmFieldsList = Type.Object({ items: Type.Array(VmFields), ...rest }, { $id: 'VmFieldsList' });

/** The query parameters of `GET /vms`. */
export type VmQuery = Static<typeof VmQuery>;
/** A page of VMs. */
export type VmList = Static<typeof VmList>;
