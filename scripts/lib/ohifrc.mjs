import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isAgeRecipient } from '../../schema/ageRecipient.mjs';
import { projectFolder, ScriptError } from './project.mjs';

/**
 * @typedef {object} Ohifrc
 * @property {import('../../schema/settings').DefaultSettings} extension
 * @property {Record<string, import('./viewer.mjs').PinnedViewer>} viewers
 */

/** @typedef {{ ohifrc: object, settings: object }} OhifrcSchemas */

/**
 * Reads the project's `.ohifrc` and checks it against its schema.
 *
 * @returns {Promise<Ohifrc>}
 * @throws {ScriptError} with every fault and where it is
 */
export async function readOhifrc() {
  return checkOhifrc(await readFile(join(projectFolder, '.ohifrc'), 'utf8'), {
    ohifrc: await readSchema('ohifrc.schema.json'),
    settings: await readSchema('settings.schema.json'),
  });
}

/** @param {string} name */
async function readSchema(name) {
  return JSON.parse(await readFile(join(projectFolder, 'schema', name), 'utf8'));
}

/**
 * @param {string} text strict JSON
 * @param {OhifrcSchemas} schemas
 * @returns {Ohifrc}
 * @throws {ScriptError}
 */
export function checkOhifrc(text, schemas) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ScriptError(`.ohifrc is not strict JSON: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
  const validator = new Ajv2020({ allErrors: true, formats: { 'age-recipient': isAgeRecipient } });
  const validate = validator.addSchema(schemas.settings, 'settings.schema.json').compile(schemas.ohifrc);
  if (validate(value)) return /** @type {Ohifrc} */ (value);
  const faults = (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const { additionalProperty, allowedValues } = params;
    const extra = additionalProperty ?? allowedValues?.join(', ');
    return `  ${instancePath || '/'} ${message}${extra === undefined ? '' : ` (${extra})`}`;
  });
  throw new ScriptError(`.ohifrc does not follow schema/ohifrc.schema.json:\n${faults.join('\n')}`);
}
