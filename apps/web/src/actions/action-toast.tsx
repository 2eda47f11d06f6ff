import {
  Button,
  makeStyles,
  Toast,
  ToastBody,
  ToastTitle,
  ToastTrigger,
  tokens,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import type { ReactElement, ReactNode } from 'react';
import { AppLink } from '../components/app-link.tsx';
import type { ErrorText } from '../components/error.text.ts';
import { actionTexts } from './actions.text.ts';

const useStyles = makeStyles({
  // Low, because the page above becomes shorter by its height.
  toast: {
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalS}`,
    '& > .fui-ToastTitle__media': { alignSelf: 'center', paddingTop: 0 },
  },
  title: { alignItems: 'center', flexWrap: 'wrap' },
  end: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalM },
  // Also below the link and the button, which leave too little room beside them on a phone.
  body: { gridColumnEnd: '-1', paddingTop: 0, overflowWrap: 'anywhere' },
});

/** A toast about a command, with a link to its job if there is one. */
export function ActionToast({
  title,
  children,
  jobId,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly jobId: string | null;
}): ReactElement {
  const styles = useStyles();
  return (
    <Toast className={styles.toast}>
      <ToastTitle
        className={styles.title}
        action={
          <span className={styles.end}>
            {jobId && (
              <AppLink to="/jobs/$jobId" params={{ jobId }}>
                {actionTexts.showLog}
              </AppLink>
            )}
            <ToastTrigger>
              <Button
                appearance="transparent"
                icon={<DismissRegular />}
                aria-label={actionTexts.dismiss}
                title={actionTexts.dismiss}
              />
            </ToastTrigger>
          </span>
        }
      >
        {title}
      </ToastTitle>
      {children && <ToastBody className={styles.body}>{children}</ToastBody>}
    </Toast>
  );
}

/** The error and its remedy, with the details that the service or the host reported. */
export function Explanation({
  detail,
  what,
  todo,
}: ErrorText & { readonly detail: string | null }): ReactElement {
  return <>{[what, detail, todo].filter(Boolean).join(' ')}</>;
}
