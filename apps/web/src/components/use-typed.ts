import { useEffect, useRef, useState } from 'react';

/** The typing pause after which the service is queried, in milliseconds. */
const typedMs = 200;

/** The text of a field that is reported once the user pauses typing; a new value from outside replaces it. */
export function useTyped(value: string, onTyped: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const latest = useRef(onTyped);
  useEffect(() => {
    latest.current = onTyped;
  });
  if (known !== value) {
    setKnown(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => latest.current(text), typedMs);
    return () => clearTimeout(timer);
  }, [text, value]);
  return [text, setText];
}
