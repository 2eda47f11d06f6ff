import { useToastController } from '@fluentui/react-components';

/** The id of the console's toaster. */
export const toasterId = 'aether-v';

/** Returns the controller of the console's toaster. */
export function useToasts(): ReturnType<typeof useToastController> {
  return useToastController(toasterId);
}
