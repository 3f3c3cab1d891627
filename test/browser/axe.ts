import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds wrong with a part of a page, as `rule: element` each; WCAG 2.2 A and AA and its own advice. */
export async function violationsIn(page: Page, selector: string): Promise<string[]> {
  // Evaluated, not added as a script: the viewer's content security policy allows none but its own.
  await page.evaluate(source);
  const { violations } = await page.evaluate(
    ([part, options]) =>
      (window as unknown as { axe: { run(part: string, options: RunOptions): Promise<AxeResults> } }).axe.run(
        part,
        options,
      ),
    [selector, { resultTypes: ['violations'] } as RunOptions] as const,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
