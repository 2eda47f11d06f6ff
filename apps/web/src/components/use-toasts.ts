import { useToastController, type ToastId } from '@fluentui/react-components';
import { useMemo } from 'react';

/** The id of the console's toaster. */
export const toasterId = 'aether-v';

type Toasts = ReturnType<typeof useToastController>;

/** More would hide the page; what a toast reports is also in the list of jobs. */
const mostOpen = 3;

/** The open toasts, oldest first. One list, because there is one toaster. */
let open: readonly ToastId[] = [];
let count = 0;

/**
 * Returns the controller of the console's toaster. A fourth toast replaces the oldest one, so that toasts without an end
 * neither pile up nor hold back newer ones. A toast with the id of an open one replaces that one.
 */
export function useToasts(): Pick<Toasts, 'dispatchToast' | 'dismissToast'> {
  const { dispatchToast, dismissToast, updateToast } = useToastController(toasterId);
  return useMemo(() => {
    const closed = (id: ToastId): void => {
      open = open.filter((each) => each !== id);
    };
    const dismiss = (id: ToastId): void => {
      closed(id);
      dismissToast(id);
    };
    return {
      dismissToast: dismiss,
      dispatchToast(content, options = {}) {
        count += 1;
        const toastId = options.toastId ?? `toast-${count}`;
        if (open.includes(toastId)) {
          updateToast({ ...options, toastId, content });
          return;
        }
        for (const oldest of open.slice(0, Math.max(0, open.length + 1 - mostOpen))) dismiss(oldest);
        open = [...open, toastId];
        dispatchToast(content, {
          ...options,
          toastId,
          onStatusChange(event, data) {
            // Not `unmounted`, which Fluent also reports of toasts that stay.
            if (data.status === 'dismissed') closed(toastId);
            options.onStatusChange?.(event, data);
          },
        });
      },
    };
  }, [dispatchToast, dismissToast, updateToast]);
}
