import defaults from '../../.ohifrc';
import type { PanelSettings } from '../panel/context';

/** What a site may set in its app-config.js, under this key. */
export const CONFIGURATION_KEY = 'keyAreaProtection';

export interface Configuration extends PanelSettings {
  /** Where the worker's script is served from, if not beside the extension. */
  readonly workerUrl?: string;
}

/** Checks of one setting each: the sentence that completes "must be", or undefined where it is. */
const CHECKS: Record<keyof Configuration, (value: unknown) => string | undefined> = {
  notice: (value) =>
    typeof value === 'string' && value.trim() !== '' ? undefined : 'a text that is not empty',
  workFactor: (value) =>
    Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 18
      ? undefined
      : 'a whole number from 1 to 18',
  workerUrl: (value) => (typeof value === 'string' ? undefined : 'an address'),
};

/**
 * The extension's defaults (`.ohifrc`) with the site's settings over them.
 * Throws an Error that names every setting that is unknown or cannot be used.
 */
export function readConfiguration(appConfig: Record<string, unknown> | undefined): Configuration {
  const site = (appConfig?.[CONFIGURATION_KEY] ?? {}) as Record<string, unknown>;
  const problems = Object.entries(site).flatMap(([name, value]) => {
    if (!Object.hasOwn(CHECKS, name)) return [`${CONFIGURATION_KEY}.${name} is unknown`];
    const wanted = CHECKS[name as keyof Configuration](value);
    return wanted === undefined ? [] : [`${CONFIGURATION_KEY}.${name} must be ${wanted}`];
  });
  if (problems.length > 0) throw new Error(`app-config.js: ${problems.join('; ')}.`);
  return { notice: defaults.extension.notice, ...site };
}
