import { createHash } from 'node:crypto';
import type { Vm, VmEditableSettings } from '@aether-v/types';
import { validationFailed } from '../problems/problem-error.ts';

/** The names of the editable settings; a missing one does not compile. */
const names = Object.keys({
  name: true,
  processors: true,
  memory: true,
  secureBoot: true,
  bootOrder: true,
  automaticStartAction: true,
  automaticStartDelaySeconds: true,
  automaticStopAction: true,
  checkpointType: true,
  notes: true,
} satisfies Record<keyof VmEditableSettings, true>) as (keyof VmEditableSettings)[];

/** The description of the tag in responses. */
export const settingsTagHeader = {
  ETag: {
    description: 'The entity tag of the editable settings, for `If-Match` of a change.',
    schema: { type: 'string' as const },
  },
};

/** Returns the settings of a VM that can be edited. */
export function editableSettings(vm: Readonly<Vm>): VmEditableSettings {
  return Object.fromEntries(names.map((name) => [name, vm[name]])) as VmEditableSettings;
}

/** Returns the strong entity tag of the editable settings (RFC 9110, 8.8.3). */
export function settingsTag(vm: Readonly<Vm>): string {
  const digest = createHash('sha256')
    .update(sortedJson(editableSettings(vm)))
    .digest('base64url');
  return `"${digest}"`;
}

const entityTag = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

/**
 * Returns whether `If-Match` allows a change of the VM (RFC 9110, 13.1.1): it is `*` or contains its tag. Weak tags never
 * match.
 *
 * @throws ProblemError if it is invalid.
 */
export function matchesTag(ifMatch: string, vm: Readonly<Vm>): boolean {
  const wanted = ifMatch.trim();
  if (wanted === '*') return true;
  // The tags of this service contain no commas, so that splitting others wrongly does no harm.
  const tags = wanted.split(',').map((tag) => tag.trim());
  if (!tags.every((tag) => entityTag.test(tag))) {
    throw validationFailed([{ field: 'If-Match', message: 'must be * or a list of entity tags in quotes' }]);
  }
  return tags.includes(settingsTag(vm));
}

/** Returns a value as JSON that does not depend on the order of its keys. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
