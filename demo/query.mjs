import { retrieveUrl } from './archive.mjs';
import { tagOfQueryKey, vrOfTag } from './dicomJson.mjs';

/** @typedef {import('./archive.mjs').Instance} Instance */
/** @typedef {import('./dicomJson.mjs').JsonDataSet} JsonDataSet */

/** Keys of a query that ask for something else than a match (PS3.18 table 8.3.4-1). */
const CONTROL_KEYS = new Set(['limit', 'offset', 'includefield', 'fuzzymatching', 'emptyvaluematching']);

/** @typedef {'studies' | 'series' | 'instances'} Level */

/** @type {Record<Level, (instance: Instance) => string>} */
const UID_OF_LEVEL = {
  studies: (instance) => instance.studyInstanceUID,
  series: (instance) => instance.seriesInstanceUID,
  instances: (instance) => instance.sopInstanceUID,
};

/**
 * Answers a QIDO-RS search (PS3.18 section 10.6).
 *
 * @param {Instance[]} instances the instances within the searched scope
 * @param {Level} level
 * @param {URLSearchParams} parameters
 * @param {string} root the address of the DICOMweb service, for Retrieve URL
 * @returns {JsonDataSet[]}
 */
export function search(instances, level, parameters, root) {
  /** @type {Map<string, Instance[]>} */
  const groups = new Map();
  for (const instance of instances) {
    const uid = UID_OF_LEVEL[level](instance);
    groups.set(uid, [...(groups.get(uid) ?? []), instance]);
  }
  const answers = [...groups.values()].map((group) => answer(group, level, root));
  const matching = answers.filter((attributes) => matches(attributes, parameters));
  const offset = count(parameters.get('offset')) ?? 0;
  return matching.slice(offset, offset + (count(parameters.get('limit')) ?? matching.length));
}

/** @param {string | null} text */
function count(text) {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

/**
 * @param {Instance[]} group the instances of one study or series, or one instance
 * @param {Level} level
 * @param {string} root
 * @returns {JsonDataSet}
 */
function answer(group, level, root) {
  const [first] = group;
  if (!first) return {};
  /** @type {JsonDataSet} */
  const attributes = { ...first.summary, '00081190': { vr: 'UR', Value: [retrieveUrl(root, first, level)] } };
  if (level === 'studies') {
    const modalities = new Set(
      group.map((instance) => String(instance.summary['00080060']?.Value?.[0] ?? 'OT')),
    );
    const seriesCount = new Set(group.map((instance) => instance.seriesInstanceUID)).size;
    attributes['00080061'] = { vr: 'CS', Value: [...modalities] };
    attributes['00201206'] = { vr: 'IS', Value: [seriesCount] };
    attributes['00201208'] = { vr: 'IS', Value: [group.length] };
  }
  if (level === 'series') attributes['00201209'] = { vr: 'IS', Value: [group.length] };
  return attributes;
}

/**
 * @param {JsonDataSet} attributes
 * @param {URLSearchParams} parameters
 */
function matches(attributes, parameters) {
  for (const [key, wanted] of parameters) {
    const tag = tagOfQueryKey(key);
    if (CONTROL_KEYS.has(key.toLowerCase()) || !tag || wanted === '') continue;
    const values = (attributes[tag]?.Value ?? []).map(valueText);
    if (!values.some((value) => valueMatches(value, wanted, vrOfTag(tag)))) return false;
  }
  return true;
}

/** @param {unknown} value */
function valueText(value) {
  if (value && typeof value === 'object' && 'Alphabetic' in value) return String(value.Alphabetic);
  return String(value ?? '');
}

/**
 * Single value, list of UID, range and wildcard matching of PS3.4 section C.2.2.2.
 *
 * @param {string} value
 * @param {string} wanted
 * @param {string} vr
 */
function valueMatches(value, wanted, vr) {
  if (vr === 'UI') return wanted.split(/[,\\]/).includes(value);
  if ((vr === 'DA' || vr === 'TM' || vr === 'DT') && wanted.includes('-')) {
    const [from = '', to = ''] = wanted.split('-', 2);
    return value !== '' && value >= from && (to === '' || value.slice(0, to.length) <= to);
  }
  const pattern = wanted
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${pattern}$`, 'i').test(value);
}
