import { Component, createElement, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { useStore } from './common';
import type { PanelController } from './controller';
import { Panel } from './Panel';
import type { Store } from './store';
import { addStyles } from './styles';

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
      this.#root = createRoot(element);
      this.#root.render(<CurrentPanel current={current} />);
    };

    override render(): ReactNode {
      return createElement('div', { ref: this.#mount, className: 'kap-root' });
    }
  };
}

function CurrentPanel({ current }: { readonly current: Store<PanelController | undefined> }) {
  const controller = useStore(current);
  return controller === undefined ? null : <Panel controller={controller} />;
}
