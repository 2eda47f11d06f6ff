export const commonTexts = {
  loading: 'Loading',
  tryingAgain: 'Trying again…',
  windowTitle: (page: string) => `${page} · Aether-V`,
};
