import type { PanelSettings } from '../../src/panel/settings';

/** Settings of a site that sets nothing of its own; keys at low cost. */
export const panelSettings: PanelSettings = {
  notice: 'Ask us.',
  scope: 'image',
  carrier: 'automatic',
  qr: 'sealed',
  recipients: [],
  recoveryRecipients: [],
  workFactor: 4,
  largestFile: 2 ** 29,
  faults: [],
};
