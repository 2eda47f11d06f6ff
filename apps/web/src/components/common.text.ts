export const commonTexts = {
  tryingAgain: 'Trying again…',
  windowTitle: (page: string) => `${page} · Aether-V`,
};
