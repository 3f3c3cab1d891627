import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../scripts/lib/project.mjs';

/** The example of the engine in README, as it is printed there, and what it says that it prints. */
export function engineExample(): { readonly code: string; readonly prints: string } {
  const page = readFileSync(join(projectFolder, 'README.md'), 'utf8');
  const [, code] = /```js\n(import [^`]*?\/engine';\n[^`]*?)```/.exec(page) ?? [];
  const [, prints] = /console\.log\(.*\/\/ (.*)/.exec(code ?? '') ?? [];
  if (code === undefined || prints === undefined) throw new Error('README shows no example of the engine');
  return { code, prints };
}
