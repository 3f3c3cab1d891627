import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { projectFolder } from '../scripts/lib/project.mjs';
import { runNpm } from '../scripts/lib/run.mjs';

/** The documents: what they refer to is there. */

const documents = ['.', 'docs', 'test/vectors'].flatMap((folder) =>
  readdirSync(join(projectFolder, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);

const read = (path: string): string => readFileSync(join(projectFolder, path), 'utf8');

/** The document without its blocks of code. */
const prose = (path: string): string => read(path).replace(/^```[\s\S]*?^```/gm, '');

/** The anchors that the headings of a page have on GitHub. */
const anchorsOf = (path: string): string[] =>
  [...prose(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const linksOf = (path: string): string[] =>
  [...prose(path).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^https?:/.test(target));

test.each(documents)('%s links to pages and headings that are there', (path) => {
  const broken = linksOf(path).filter((link) => {
    const [file, anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file!);
    if (!existsSync(join(projectFolder, target))) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test('what is packed links to what is packed', async () => {
  const [{ files }] = JSON.parse(await runNpm(['pack', '--dry-run', '--json'], 'Listing the package'));
  const packed: string[] = files.map(({ path }: { path: string }) => path);
  const pages = packed.filter((path) => path.endsWith('.md'));
  expect(pages).toContain('README.md');
  const missing = pages.flatMap((page) =>
    linksOf(page)
      .map((link) => link.split('#')[0]!)
      .filter((file) => file !== '' && !packed.includes(join(dirname(page), file).split(sep).join('/')))
      .map((file) => `${page}: ${file}`),
  );
  expect(missing).toEqual([]);
});

test.each(documents)('%s names files of this project that are there', (path) => {
  const named = [...prose(path).matchAll(/`((?:src|test|scripts|schema|demo|bench)\/[\w./-]+\.\w+)`/g)];
  expect(named.map(([, file]) => file!).filter((file) => !existsSync(join(projectFolder, file)))).toEqual([]);
});
