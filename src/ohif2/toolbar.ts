import { Component } from 'react';
import { ACTIONS, hotkeys } from '../hosts/actions';
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

const command = (
  id: string,
  icon: string,
  { label, commandName }: { readonly label: string; readonly commandName: string },
): ToolbarDefinition => ({ id, label, icon, type: 'command', commandName });

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

/** The toolbar group: the tool, and what is done with what it drew; and the watch on the toolbar. */
export function toolbarModule(listener: ToolbarListener) {
  const definitions: (ToolbarDefinition | WatchDefinition)[] = [
    {
      id: 'KeyAreaProtection',
      label: ACTIONS.draw.label,
      icon: 'lock',
      context: CONTEXT,
      buttons: [
        command('KeyArea', 'eye-closed', ACTIONS.draw),
        command('ProtectKeyArea', 'lock', ACTIONS.protect),
        command('RestoreKeyArea', 'reset', ACTIONS.restore),
        command('ExportKeyArea', 'save', ACTIONS.export),
      ],
    },
    { id: 'KeyAreaProtectionWatch', context: CONTEXT, CustomComponent: ToolbarWatch, listener },
  ];
  return { definitions, defaultContext: CONTEXT };
}

/** Adds the hotkeys to the site's, before the viewer reads them; keys that the site uses stay its own. */
export function addHotkeys(site: Hotkey[]): void {
  const used = new Set(site.flatMap(({ keys }) => keys));
  site.push(...hotkeys().filter(({ keys }) => !keys.some((key) => used.has(key))));
}
