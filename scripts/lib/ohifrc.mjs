import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { projectFolder, ScriptError } from './project.mjs';

/**
 * @typedef {object} Ohifrc
 * @property {Record<string, unknown>} extension
 * @property {Record<string, import('./viewer.mjs').PinnedViewer>} viewers
 */

/**
 * Reads the project's `.ohifrc` and checks it against its schema.
 *
 * @returns {Promise<Ohifrc>}
 * @throws {ScriptError} with every fault and where it is
 */
export async function readOhifrc() {
  const schema = JSON.parse(await readFile(join(projectFolder, 'schema', 'ohifrc.schema.json'), 'utf8'));
  return checkOhifrc(await readFile(join(projectFolder, '.ohifrc'), 'utf8'), schema);
}

/**
 * @param {string} text strict JSON
 * @param {object} schema
 * @returns {Ohifrc}
 * @throws {ScriptError}
 */
export function checkOhifrc(text, schema) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ScriptError(`.ohifrc is not strict JSON: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  if (validate(value)) return /** @type {Ohifrc} */ (value);
  const faults = (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const extra = 'additionalProperty' in params ? ` ("${params.additionalProperty}")` : '';
    return `  ${instancePath || '/'} ${message}${extra}`;
  });
  throw new ScriptError(`.ohifrc does not follow schema/ohifrc.schema.json:\n${faults.join('\n')}`);
}
