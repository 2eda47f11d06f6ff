import type { ReactElement } from 'react';
import { AppLink } from '../../components/app-link.tsx';
import { MissingPage } from '../../components/missing-page.tsx';
import { notFoundTexts as texts } from './not-found.text.ts';

/** The page of an unknown address. */
export function NotFoundPage(): ReactElement {
  return <MissingPage title={texts.title} body={texts.body} back={<AppLink to="/">{texts.back}</AppLink>} />;
}
