import { Link, Toast, ToastBody, ToastFooter, ToastTitle, ToastTrigger } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { AppLink } from '../components/app-link.tsx';
import type { ErrorText } from '../components/error.text.ts';
import { actionTexts } from './actions.text.ts';

/** A toast about a command, with a link to its job if there is one. */
export function ActionToast({
  title,
  children,
  jobId,
  link = actionTexts.showJob,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly jobId: string | null;
  readonly link?: string;
}): ReactElement {
  return (
    <Toast>
      <ToastTitle
        action={
          <ToastTrigger>
            <Link as="button">{actionTexts.dismiss}</Link>
          </ToastTrigger>
        }
      >
        {title}
      </ToastTitle>
      {children && <ToastBody>{children}</ToastBody>}
      {jobId && (
        <ToastFooter>
          <AppLink to="/jobs/$jobId" params={{ jobId }}>
            {link}
          </AppLink>
        </ToastFooter>
      )}
    </Toast>
  );
}

/** The error and its remedy, with the details that the service or the host reported. */
export function Explanation({
  detail,
  what,
  todo,
}: ErrorText & { readonly detail: string | null }): ReactElement {
  return (
    <>
      <div>{what}</div>
      {detail && <div>{detail}</div>}
      <div>{todo}</div>
    </>
  );
}
