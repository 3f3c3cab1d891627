import { Component, createElement, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import type { PanelController } from './controller';
import { useStore } from './parts/common';
import { Panel } from './parts/Panel';
import { addStyles } from './parts/styles';
import type { Store } from './store';

/**
 * The panel as a component for a viewer with a React of its own, of whatever version: a class without
 * hooks that renders one element, in which our React mounts the panel. Viewers unmount it with every
 * change of tab; what it shows lives in the controller.
 */
export function createPanelIsland(current: Store<PanelController | undefined>) {
  return class KeyAreaPanel extends Component {
    #root: Root | undefined;

    readonly #mount = (element: HTMLElement | null): void => {
      this.#root?.unmount();
      this.#root = undefined;
      if (element === null) return;
      addStyles();
      element.addEventListener('keydown', keepControlKeys);
      this.#root = createRoot(element);
      this.#root.render(<CurrentPanel current={current} />);
    };

    override render(): ReactNode {
      return createElement('div', { ref: this.#mount, className: 'kap-root' });
    }
  };
}

/** What works a button, a choice, a list or a text field. */
const CONTROL_KEYS = /^(Enter| |Arrow.*|Home|End|Page.*)$/;

/** Viewers take some of these as hotkeys of their own, and then no button of the panel could be pressed. */
function keepControlKeys(event: KeyboardEvent): void {
  if (CONTROL_KEYS.test(event.key)) event.stopPropagation();
}

function CurrentPanel({ current }: { readonly current: Store<PanelController | undefined> }) {
  const controller = useStore(current);
  return controller === undefined ? null : <Panel controller={controller} />;
}
