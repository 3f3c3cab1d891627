/** What the viewers' toolbars and hotkeys offer, in their order: each is one of the extension's commands. */

interface Action {
  readonly commandName: string;
  /** On its button. */
  readonly label: string;
  /** Among the viewer's hotkeys. */
  readonly hotkeyLabel: string;
  /** A key that neither viewer, nor a mode of OHIF's own, uses. */
  readonly key: string;
}

export const ACTIONS = {
  draw: { commandName: 'drawKeyArea', label: 'Key area', hotkeyLabel: 'Draw key area', key: 'k' },
  protect: { commandName: 'protectKeyArea', label: 'Protect', hotkeyLabel: 'Protect key area', key: 'p' },
  restore: { commandName: 'restoreKeyArea', label: 'Restore', hotkeyLabel: 'Restore key area', key: 'u' },
  export: { commandName: 'exportKeyArea', label: 'Export', hotkeyLabel: 'Export protected', key: 'x' },
} as const satisfies Record<string, Action>;

/** The hotkeys as both viewers list them; users change them in the viewer's preferences. */
export const hotkeys = () =>
  Object.values(ACTIONS).map(({ commandName, hotkeyLabel, key }) => ({
    commandName,
    label: hotkeyLabel,
    keys: [key],
  }));
