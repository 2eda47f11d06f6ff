export const commonTexts = {
  loading: 'Loading',
  close: 'Close',
  tryingAgain: 'Retrying…',
  windowTitle: (page: string) => `${page} · Aether-V`,
};
