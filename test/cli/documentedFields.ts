import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `--json` prints, as docs/command-line.md describes it. */

const document = readFileSync(join(__dirname, '../../docs/command-line.md'), 'utf8');
const [, results] = document.split('## Results');

const spans = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, span]) => span!);

/** By field of an image's line, what its row names: the fields of the objects in it, among others. */
const rows = new Map(
  [...results!.split('\n\n')[2]!.matchAll(/^\| (`.*?) \| .*? \| (.*) \|$/gm)].flatMap(([, fields, meaning]) =>
    spans(fields!).map((field) => [field, spans(meaning!)] as const),
  ),
);

/** The fields of a series' line. */
const ofSeries = /`\{(series, [^`]*)\}`/
  .exec(results!)![1]!
  .split(', ')
  .map((field) => field.split(':')[0]!);

export const documentedFields: ReadonlySet<string> = new Set([...rows.keys(), ...ofSeries]);

/** The values that the row of a field names, and the fields of the objects in it. */
export const namedBeside = (field: string): readonly string[] => rows.get(field) ?? [];

/** The fields of a printed object that the page does not name. */
export function undocumentedIn(result: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(result).flatMap(([field, value]) => {
    const known = 'series' in result ? ofSeries.includes(field) : rows.has(field);
    const inner = fieldsWithin(value).filter((name) => !namedBeside(field).includes(name));
    return [...(known ? [] : [field]), ...inner.map((name) => `${field}: ${name}`)];
  });
}

/** The names of fields in objects and lists, at any depth. */
function fieldsWithin(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(fieldsWithin);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...fieldsWithin(inner)]);
}
