import { Component } from 'react';
import type { CustomButtonProperties, Hotkey, ToolbarDefinition, ToolbarRow } from './host';

/** Shown wherever a study is open. */
const CONTEXT = 'VIEWER';

/** What is told of the viewer's toolbar, which is there for as long as a study is open. */
export interface ToolbarListener {
  opened(toolbar: ToolbarRow): void;
  /** Drawn again, as when the viewer has another list of series. */
  updated(): void;
  closed(): void;
}

interface WatchDefinition extends ToolbarDefinition {
  readonly listener: ToolbarListener;
}

const command = (id: string, label: string, icon: string, commandName: string): ToolbarDefinition => ({
  id,
  label,
  icon,
  type: 'command',
  commandName,
});

/** A custom button that draws nothing: it is given the toolbar, which knows the studies and the side panels. */
class ToolbarWatch extends Component<CustomButtonProperties<WatchDefinition>> {
  override componentDidMount(): void {
    this.props.button.listener.opened(this.props.parentContext);
  }

  override componentDidUpdate(): void {
    this.props.button.listener.updated();
  }

  override componentWillUnmount(): void {
    this.props.button.listener.closed();
  }

  override render() {
    return null;
  }
}

/**
 * The toolbar group: the tool, and what is done with what it drew; and the watch on the toolbar. */
export function toolbarModule(listener: ToolbarListener) {
  const definitions: (ToolbarDefinition | WatchDefinition)[] = [
    {
      id: 'KeyAreaProtection',
      label: 'Key area',
      icon: 'lock',
      context: CONTEXT,
      buttons: [
        command('KeyArea', 'Key area', 'eye-closed', 'drawKeyArea'),
        command('ProtectKeyArea', 'Protect', 'lock', 'protectKeyArea'),
        command('RestoreKeyArea', 'Restore', 'reset', 'restoreKeyArea'),
        command('ExportKeyArea', 'Export', 'save', 'exportKeyArea'),
      ],
    },
    { id: 'KeyAreaProtectionWatch', context: CONTEXT, CustomComponent: ToolbarWatch, listener },
  ];
  return { definitions, defaultContext: CONTEXT };
}

const HOTKEYS: readonly Hotkey[] = [
  { commandName: 'drawKeyArea', label: 'Draw key area', keys: ['k'] },
  { commandName: 'protectKeyArea', label: 'Protect key area', keys: ['p'] },
  { commandName: 'restoreKeyArea', label: 'Restore key area', keys: ['u'] },
  { commandName: 'exportKeyArea', label: 'Export protected', keys: ['x'] },
];

/** Adds the hotkeys to the site's, before the viewer reads them; keys that the site uses stay its own. */
export function addHotkeys(hotkeys: Hotkey[]): void {
  const used = new Set(hotkeys.flatMap(({ keys }) => keys));
  hotkeys.push(...HOTKEYS.filter(({ keys }) => !keys.some((key) => used.has(key))));
}
