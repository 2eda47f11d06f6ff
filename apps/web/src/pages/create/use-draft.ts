import { useEffect, useState } from 'react';
import { keyFor, type RequestKey } from '../../fleet/request-key.ts';
import { useMe } from '../../session/session-context.ts';
import { emptyInput, type CreateInput, type Place } from './create-input.ts';

const key = 'aether-v.create';

/** The input with its user: no other user may see it. */
interface Draft {
  readonly who: string;
  readonly input: CreateInput;
  /** The latest request that was sent: its response may have been lost by a reload. */
  readonly sent?: RequestKey | null;
}

function stored(who: string): Draft | null {
  try {
    const draft = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Draft | null;
    return draft?.who === who ? { ...draft, input: { ...emptyInput, ...draft.input } } : null;
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
  /** Returns the idempotency key of this draft's request. */
  readonly keyOf: (request: object) => string;
  /** Discards the input. */
  readonly discard: () => void;
}

/** Returns the draft of this tab; a new one is at `place`. */
export function useDraft(place: Place): CreateDraft {
  const who = useMe()?.principal.id ?? '';
  const [start] = useState(() => stored(who));
  const [input, setInput] = useState<CreateInput>(() => start?.input ?? { ...emptyInput, place });
  const [sent, setSent] = useState<RequestKey | null>(start?.sent ?? null);
  const [isRestored, setRestored] = useState(start !== null);
  useEffect(() => {
    const isEmpty = JSON.stringify({ ...input, place }) === JSON.stringify({ ...emptyInput, place });
    if (isEmpty) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify({ who, input, sent } satisfies Draft));
  }, [who, input, sent, place]);
  return {
    input,
    set: (patch) => setInput((before) => ({ ...before, ...patch })),
    isRestored,
    keyOf: (request) => {
      const next = keyFor(request, sent);
      setSent(next);
      return next.key;
    },
    discard: () => {
      sessionStorage.removeItem(key);
      setSent(null);
      setInput({ ...emptyInput, place });
      setRestored(false);
    },
  };
}
