import defaults from '../../.ohifrc';
import type { DefaultSettings } from '../../schema/settings';
import type { PanelSettings } from '../panel/settings';
import { settingsFaults } from './settingsFaults';

/** What a site may set in its app-config.js, under this key. */
export const CONFIGURATION_KEY = 'keyAreaProtection';

export interface Configuration {
  readonly panel: PanelSettings;
  /** Where the worker's script is served from, if not beside the extension. */
  readonly workerUrl: string | undefined;
}

const BYTES_PER_MEGABYTE = 1024 * 1024;

/**
 * The extension's defaults (`.ohifrc`) with the site's settings over them; lists are replaced, not added
 * to. Where anything is wrong with the site's settings, the defaults apply, and `panel.faults` says what.
 */
export function readConfiguration(appConfig: Record<string, unknown> | undefined): Configuration {
  const site = appConfig?.[CONFIGURATION_KEY] ?? {};
  const faults = settingsFaults(site, CONFIGURATION_KEY);
  const settings: DefaultSettings = { ...defaults.extension, ...(faults.length === 0 ? site : {}) };
  const { notice, contact, carrier, largestFile, workerUrl, ...rest } = settings;
  return {
    panel: {
      ...rest,
      notice: contact === undefined ? notice : `${notice} ${contact}`,
      carrier: carrier === 'qr' ? 'vault' : carrier,
      largestFile: largestFile * BYTES_PER_MEGABYTE,
      faults,
    },
    workerUrl,
  };
}
