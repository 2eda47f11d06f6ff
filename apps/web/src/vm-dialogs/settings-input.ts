import {
  isLiveMemoryChange,
  memoryProblem,
  vmUpdateRules,
  type MemorySetting,
  type UpdateVmRequest,
  type VmEditableSettings,
  type VmState,
  type VmUpdateField,
} from '@aether-v/types';
import { settingsTexts as texts, type SecureBootInput } from './settings.text.ts';
import { parseSize, sizeText } from '../vm-forms/sizes.ts';

/** Hyper-V allocates memory in units of 2 MiB. */
export const memoryStep = 2 * 1024 ** 2;

/** The memory of a VM as typed. */
export interface MemoryInput {
  readonly dynamic: boolean;
  readonly startup: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly bufferPercent: string;
}

/** The settings of a VM as typed: texts where people type, and null where the host reports no value. */
export interface SettingsInput {
  readonly name: string;
  readonly processors: string;
  readonly memory: MemoryInput;
  readonly secureBoot: SecureBootInput;
  readonly bootOrder: readonly string[] | null;
  readonly automaticStartAction: VmEditableSettings['automaticStartAction'];
  readonly automaticStartDelaySeconds: string;
  readonly automaticStopAction: VmEditableSettings['automaticStopAction'];
  readonly checkpointType: VmEditableSettings['checkpointType'];
  readonly notes: string;
}

/** The names of the settings that can be edited. */
export const settingFields = Object.keys(vmUpdateRules) as readonly VmUpdateField[];

const defaultBuffer = 20;

function secureBootInput({ secureBoot }: VmEditableSettings): SecureBootInput {
  if (secureBoot === null) return null;
  if (!secureBoot.enabled) return 'off';
  const { template } = secureBoot;
  return template === 'MicrosoftWindows' || template === 'MicrosoftUEFICertificateAuthority'
    ? template
    : 'other';
}

/** Returns the settings of a VM as texts for a form. */
export function inputOf(vm: VmEditableSettings): SettingsInput {
  const { memory } = vm;
  return {
    name: vm.name,
    processors: String(vm.processors),
    memory: {
      dynamic: memory.dynamic,
      startup: sizeText(memory.startup),
      minimum: sizeText(memory.minimum ?? memory.startup),
      maximum: sizeText(memory.maximum ?? memory.startup),
      bufferPercent: String(memory.bufferPercent ?? defaultBuffer),
    },
    secureBoot: secureBootInput(vm),
    bootOrder: vm.bootOrder,
    automaticStartAction: vm.automaticStartAction,
    automaticStartDelaySeconds: String(vm.automaticStartDelaySeconds ?? 0),
    automaticStopAction: vm.automaticStopAction,
    checkpointType: vm.checkpointType,
    notes: vm.notes,
  };
}

function wholeNumber(text: string, least: number, most: number): number | null {
  const value = Number(text.trim());
  return /^\d+$/.test(text.trim()) && value >= least && value <= most ? value : null;
}

/** Reads the memory that was typed; a text explains why it is invalid. */
export function readMemory(input: MemoryInput): MemorySetting | string {
  const startup = parseSize(input.startup, memoryStep);
  if (startup === null) return texts.noMemory;
  if (!input.dynamic) return { dynamic: false, startup };
  const minimum = parseSize(input.minimum, memoryStep);
  const maximum = parseSize(input.maximum, memoryStep);
  const bufferPercent = wholeNumber(input.bufferPercent, 5, 2000);
  if (minimum === null || maximum === null) return texts.noMemory;
  if (bufferPercent === null) return texts.noBuffer;
  const memory = { dynamic: true, startup, minimum, maximum, bufferPercent } as const;
  return memoryProblem(memory) ?? memory;
}

/** A form's input in terms of the API. */
export interface ReadSettings {
  /** The settings that differ from those at the beginning; without those that are invalid. */
  readonly changes: UpdateVmRequest;
  /** The settings that were edited, also if their values are invalid. */
  readonly edited: readonly VmUpdateField[];
  /** The problem of each invalid setting. */
  readonly problems: ReadonlyMap<VmUpdateField, string>;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

type Value = { readonly [F in VmUpdateField]?: unknown };

/** Reads one setting; a string in `problem` explains why it is invalid. */
function readField(
  field: VmUpdateField,
  input: SettingsInput,
): { readonly value?: unknown; readonly problem?: string } {
  if (field === 'name')
    return input.name.trim() === '' ? { problem: texts.noName } : { value: input.name.trim() };
  if (field === 'processors') {
    const value = wholeNumber(input.processors, 1, 2048);
    return value === null ? { problem: texts.noProcessors } : { value };
  }
  if (field === 'memory') {
    const value = readMemory(input.memory);
    return typeof value === 'string' ? { problem: value } : { value };
  }
  if (field === 'automaticStartDelaySeconds') {
    const value = wholeNumber(input.automaticStartDelaySeconds, 0, 86_400);
    return value === null ? { problem: texts.noDelay } : { value };
  }
  const value: unknown = input[field];
  return value === null || value === 'other' ? {} : { value };
}

/** Returns the differences between the input and the settings that the form began with. */
export function readSettings(input: SettingsInput, base: VmEditableSettings): ReadSettings {
  const before = inputOf(base);
  const edited = settingFields.filter((field) => !same(input[field], before[field]));
  const problems = new Map<VmUpdateField, string>();
  const changes: Record<string, unknown> = {};
  const known: Value = { ...base, secureBoot: before.secureBoot };
  for (const field of edited) {
    const { value, problem } = readField(field, input);
    if (problem !== undefined) problems.set(field, problem);
    else if (value !== undefined && !same(value, known[field])) changes[field] = value;
  }
  return { changes, edited, problems };
}

/** Returns the changes that require the VM to be off. */
export function fieldsThatNeedOff(
  changes: UpdateVmRequest,
  base: VmEditableSettings,
  state: VmState,
): readonly VmUpdateField[] {
  if (state === 'Off') return [];
  return settingFields.filter((field) => {
    if (changes[field] === undefined || !vmUpdateRules[field].needsOff) return false;
    return (
      field !== 'memory' || changes.memory === undefined || !isLiveMemoryChange(base.memory, changes.memory)
    );
  });
}

/** Returns the settings that differ between two readings of a VM. */
export function changedFields(
  before: VmEditableSettings,
  after: VmEditableSettings,
): readonly VmUpdateField[] {
  return settingFields.filter((field) => !same(before[field], after[field]));
}

/** Returns the input with these fields as another reading has them. */
export function withFieldsOf(
  input: SettingsInput,
  fields: readonly VmUpdateField[],
  source: VmEditableSettings,
): SettingsInput {
  const theirs = inputOf(source);
  return { ...input, ...Object.fromEntries(fields.map((field) => [field, theirs[field]])) };
}

/** Returns the editable part of a VM. */
export function editableOf(vm: VmEditableSettings): VmEditableSettings {
  return Object.fromEntries(settingFields.map((field) => [field, vm[field]])) as VmEditableSettings;
}
