/**
 * Chromium as the person who looks at the dashboard. `ROWKEEPER_REQUIRE_WITNESSES=1` (CI) makes a missing one a failure.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import type { TestContext } from 'vitest';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium is on this machine, if it is. */
export function chromiumPath(): string | undefined {
  return [process.env.CHROMIUM_PATH ?? '', ...places].find((place) => place !== '' && existsSync(place));
}

/** Skips the test with its reason when there is no Chromium; fails instead where it is required. */
export function requireChromium(context: TestContext): string {
  const found = chromiumPath();
  if (found !== undefined) return found;
  const reason = 'Chromium is not installed';
  if (process.env.ROWKEEPER_REQUIRE_WITNESSES === '1') throw new Error(reason);
  return context.skip(reason);
}

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** A window whose complaints are kept: errors of programs, of the console, of the content security policy. */
export interface Window {
  readonly page: Page;
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export async function openWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<Window> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return { page, complaints, close: () => context.close() };
}

/** What axe finds serious or critical on a page, as `rule: element`. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  // Runs beside the page's own scripts, where its policy does not reach.
  const session = await page.context().newCDPSession(page);
  const { frameTree } = (await session.send('Page.getFrameTree')) as { frameTree: { frame: { id: string } } };
  const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  const { source } = createRequire(import.meta.url)('axe-core') as { readonly source: string };
  const run = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      contextId: executionContextId,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
    return result.value;
  };
  await run(`${source}; undefined`);
  return (await run(`axe.run(document).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 160))))`)) as readonly string[];
}
