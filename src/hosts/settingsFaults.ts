import { isAgeRecipient } from '../../schema/ageRecipient.mjs';
import type { Settings } from '../../schema/settings';
import schema from '../../schema/settings.schema.json';

/** The part of JSON Schema (2020-12) that the settings' schema uses. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/**
 * What is wrong with a site's settings: one sentence for each fault, with where it is, what it is and
 * what is allowed. Values are not repeated: one that went astray may be a secret.
 */
export function settingsFaults(settings: unknown, name: string): string[] {
  const faults = faultsOf(settings, schema as Schema, name);
  return faults.length > 0 ? faults : faultsAcross(settings as Settings, name);
}

const TYPE_NAMES: Record<string, string> = {
  string: 'a text, in quotes',
  integer: 'a whole number',
  array: 'a list, in square brackets',
  object: 'an object, in braces',
};

function faultsOf(value: unknown, given: Schema, path: string): string[] {
  const rule = given.$ref === undefined ? given : definition(given.$ref);
  if (rule.enum !== undefined) {
    const allowed = rule.enum.map((word) => `"${word}"`).join(', ');
    return rule.enum.some((word) => word === value) ? [] : [`${path} must be one of ${allowed}.`];
  }
  if (!isOfType(value, rule.type)) return [`${path} must be ${TYPE_NAMES[rule.type ?? '']}.`];
  if (typeof value === 'string') return textFaults(value, rule, path);
  if (typeof value === 'number') return numberFaults(value, rule, path);
  if (Array.isArray(value)) return listFaults(value, rule, path);
  return objectFaults(value as Record<string, unknown>, rule, path);
}

function definition(reference: string): Schema {
  const name = reference.replace('#/$defs/', '') as keyof typeof schema.$defs;
  return schema.$defs[name];
}

function isOfType(value: unknown, type: string | undefined): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  return type === typeof value && value !== null && !Array.isArray(value);
}

function textFaults(value: string, { pattern, maxLength, format }: Schema, path: string): string[] {
  const length = [...value].length;
  // The only pattern there is: something other than white space.
  if (pattern !== undefined && !new RegExp(pattern).test(value)) return [`${path} must not be empty.`];
  if (maxLength !== undefined && length > maxLength) {
    return [`${path} is ${length - maxLength} characters too long: ${maxLength} are allowed.`];
  }
  if (format === undefined || isAgeRecipient(value)) return [];
  return /AGE-SECRET-KEY-/i.test(value)
    ? [`${path} is a secret key, which everyone who opens the viewer can read here. Replace that key pair.`]
    : [`${path} is not an age public key (age1...). Check that it was copied whole.`];
}

function numberFaults(value: number, { minimum, maximum }: Schema, path: string): string[] {
  const inside = (minimum === undefined || value >= minimum) && (maximum === undefined || value <= maximum);
  return inside ? [] : [`${path} must be a whole number from ${minimum} to ${maximum}.`];
}

function listFaults(value: readonly unknown[], { items, maxItems }: Schema, path: string): string[] {
  if (maxItems !== undefined && value.length > maxItems) {
    return [`${path} has ${value.length} entries: ${maxItems} are allowed.`];
  }
  return items === undefined
    ? []
    : value.flatMap((entry, index) => faultsOf(entry, items, `${path}[${index}]`));
}

function objectFaults(
  value: Readonly<Record<string, unknown>>,
  { properties = {}, required = [] }: Schema,
  path: string,
): string[] {
  const missing = required.filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${path}.${name} is missing.`),
    ...Object.entries(value).flatMap(([name, entry]) =>
      Object.hasOwn(properties, name)
        ? faultsOf(entry, properties[name], `${path}.${name}`)
        : [`${path}.${name} is unknown: the settings here are ${Object.keys(properties).join(', ')}.`],
    ),
  ];
}

/** Bytes of UTF-8 that the engine takes as a notice. */
const MAX_NOTICE_BYTES = 512;

/** What no schema tells: entries that do not go together. */
function faultsAcross(settings: Settings, name: string): string[] {
  const { recipients = [], recoveryRecipients = [], notice = '', contact = '' } = settings;
  const faults = repeatedNames(recipients, `${name}.recipients`);
  faults.push(...repeatedNames(recoveryRecipients, `${name}.recoveryRecipients`));
  if (new Set(recoveryRecipients.map(({ key }) => key.startsWith('age1pq1'))).size > 1) {
    faults.push(
      `${name}.recoveryRecipients mixes post-quantum keys (age1pq1...) with others: all must be of one kind.`,
    );
  }
  const excess = new TextEncoder().encode(`${notice} ${contact}`).length - MAX_NOTICE_BYTES;
  if (excess > 0) {
    faults.push(`${name}.notice and ${name}.contact together are ${excess} bytes of UTF-8 too long.`);
  }
  return faults;
}

function repeatedNames(recipients: readonly { readonly name: string }[], path: string): string[] {
  const seen = new Set<string>();
  return recipients.flatMap(({ name }, index) => {
    const repeated = seen.has(name);
    seen.add(name);
    return repeated ? [`${path}[${index}].name is there twice: users could not tell them apart.`] : [];
  });
}
