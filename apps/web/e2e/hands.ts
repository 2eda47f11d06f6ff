import type { Locator, Page } from 'playwright-core';

/** Longer than any page's tab order. */
const mostTabs = 80;

/** A person at a page, with a mouse or a keyboard, whose clicks and keys are counted. */
export class Hands {
  readonly page: Page;
  clicks = 0;
  keys = 0;

  constructor(page: Page) {
    this.page = page;
  }

  async click(target: Locator): Promise<void> {
    this.clicks += 1;
    await target.click();
  }

  /** Chooses an option of a list: opens it, and clicks the option. */
  async choose(list: Locator, option: string): Promise<void> {
    this.clicks += 2;
    await list.selectOption({ label: option });
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.keys += 1;
      await this.page.keyboard.press(key);
    }
  }

  /** Types a text; it is as many keys as it has letters. */
  async type(text: string): Promise<void> {
    this.keys += text.length;
    await this.page.keyboard.type(text);
  }

  /** The name of the element that has the focus. */
  async focused(): Promise<string> {
    return this.page.evaluate(() => {
      const element = document.activeElement;
      const labels =
        element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element.labels : null;
      return (
        (element?.getAttribute('aria-label') ??
          [...(labels ?? [])].map(({ textContent }) => textContent).join(' ')) ||
        (element?.textContent ?? '')
      ).trim();
    });
  }

  /** Presses a key until the element with the focus has this name. */
  async pressUntil(key: string, name: RegExp): Promise<void> {
    for (let n = 0; n < mostTabs; n += 1) {
      if (name.test(await this.focused())) return;
      await this.press(key);
    }
    throw new Error(`${key} does not lead to ${name}; the focus is on "${await this.focused()}"`);
  }

  /** Skips to the content of the page by its first link. */
  async skipToContent(): Promise<void> {
    await this.pressUntil('Tab', /^Skip to content$/);
    await this.press('Enter');
  }
}
