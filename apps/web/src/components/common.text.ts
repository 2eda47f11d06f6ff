export const commonTexts = {
  loading: 'Loading',
  close: 'Close',
  cancel: 'Cancel',
  tryingAgain: 'Retrying…',
  windowTitle: (page: string) => `${page} · Aether-V`,
};
