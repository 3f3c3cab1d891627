/** SPDX names of licences under which packages may go out beside our MIT. */
const ALLOWED = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']);

/**
 * True for an allowed licence, and for a choice that holds one: `(MIT OR GPL-3.0-only)`.
 *
 * @param {unknown} licence an SPDX expression, as package.json has it
 */
export function isAllowed(licence) {
  if (typeof licence !== 'string') return false;
  const choices = licence.replace(/^\((.*)\)$/, '$1').split(' OR ');
  return choices.some((choice) => ALLOWED.has(choice));
}
