export const commonTexts = {
  loading: 'Loading',
  tryingAgain: 'Retrying…',
  windowTitle: (page: string) => `${page} · Aether-V`,
};
