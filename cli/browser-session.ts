import { type BrowserContext, chromium, type Page } from 'playwright';
import { launchOptions } from '../e2e/chromium.ts';

/** One browser after the other over the same profile: what is stored stays. */
export class BrowserSession {
  readonly #profile: string;
  readonly #origin: string;
  #context: BrowserContext | undefined;

  constructor(profile: string, origin: string) {
    this.#profile = profile;
    this.#origin = origin;
  }

  async open(path: string): Promise<Page> {
    this.#context ??= await chromium.launchPersistentContext(this.#profile, {
      ...(launchOptions('webgpu-unchecked') as object),
      headless: true,
    });
    const page = await this.#context.newPage();
    await page.goto(this.#origin + path);
    return page;
  }

  /** Of the browser's first process. */
  async pid(): Promise<number> {
    const browser = this.#context!.browser()!;
    const cdp = await browser.newBrowserCDPSession();
    const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
    return processInfo.find(({ type }) => type === 'browser')!.id;
  }

  /** As a power cut does. */
  async kill(): Promise<void> {
    process.kill(await this.pid(), 'SIGKILL');
    await this.#context!.close().catch(() => {});
    this.#context = undefined;
  }

  async close(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
  }
}
