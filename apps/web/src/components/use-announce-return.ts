import { useAnnounce } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';

/** Announces to screen readers that something is back after it was gone. It may be neither in between. */
export function useAnnounceReturn(isGone: boolean, isBack: boolean, text: string): void {
  const { announce } = useAnnounce();
  const wasGone = useRef(false);
  useEffect(() => {
    if (isGone) wasGone.current = true;
    else if (wasGone.current && isBack) {
      wasGone.current = false;
      announce(text);
    }
  }, [isGone, isBack, text, announce]);
}
