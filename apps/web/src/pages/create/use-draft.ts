import { useEffect, useState } from 'react';
import { useMe } from '../../session/session-context.ts';
import { emptyInput, type CreateInput, type Place } from './create-input.ts';

const key = 'aether-v.create';

/** The input with its user: no other user may see it. */
interface Draft {
  readonly who: string;
  readonly input: CreateInput;
}

function stored(who: string): CreateInput | null {
  try {
    const draft = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Draft | null;
    return draft?.who === who ? { ...emptyInput, ...draft.input } : null;
  } catch {
    // A draft of another version of the console.
    return null;
  }
}

/** The input of the form, which survives a reload of the page in this tab. */
export interface CreateDraft {
  readonly input: CreateInput;
  readonly set: (patch: Partial<CreateInput>) => void;
  /** True if the input is what was typed before a reload. */
  readonly isRestored: boolean;
  /** Discards the input. */
  readonly discard: () => void;
}

/** Returns the draft of this tab; a new one is at `place`. */
export function useDraft(place: Place): CreateDraft {
  const who = useMe()?.principal.id ?? '';
  const [start] = useState(() => stored(who));
  const [input, setInput] = useState<CreateInput>(() => start ?? { ...emptyInput, place });
  const [isRestored, setRestored] = useState(start !== null);
  useEffect(() => {
    const isEmpty = JSON.stringify({ ...input, place }) === JSON.stringify({ ...emptyInput, place });
    if (isEmpty) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify({ who, input } satisfies Draft));
  }, [who, input, place]);
  return {
    input,
    set: (patch) => setInput((before) => ({ ...before, ...patch })),
    isRestored,
    discard: () => {
      sessionStorage.removeItem(key);
      setInput({ ...emptyInput, place });
      setRestored(false);
    },
  };
}
