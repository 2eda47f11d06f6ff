import { useEffect } from 'react';
import { commonTexts } from './common.text.ts';

/** Titles the window after its page. */
export function useWindowTitle(title: string): void {
  useEffect(() => {
    document.title = commonTexts.windowTitle(title);
  }, [title]);
}
