import { PanelController } from '../panel/controller';
import { losesWork } from '../panel/state';
import { createStore } from '../panel/store';
import { texts } from '../panel/texts/texts';
import type { ViewerPort } from '../viewer/port';
import { createKeyAreaClient } from '../worker/client';
import { startWorker } from '../worker/start';
import type { Configuration } from './configuration';

/** The panel's controller while a study is open. */
export const currentController = createStore<PanelController | undefined>(undefined);

let endSession: (() => void) | undefined;

/** A viewer with an open study. */
export interface OpenViewer {
  readonly port: ViewerPort;
  /** Frees all that was added and drawn. */
  release(): void;
}

/** A study is opened: starts with nothing typed and nothing in memory. */
export function openSession(openViewer: () => OpenViewer, configuration: Configuration): void {
  endSession?.();
  const { port, release } = openViewer();
  const client = createKeyAreaClient(() => startWorker(configuration.workerUrl));
  const controller = new PanelController(port, client, configuration.panel);
  currentController.set(controller);
  // The browser asks before such a page is left.
  const keepUnsaved = (event: Event): void => {
    if (losesWork(controller.state.get())) event.preventDefault();
  };
  window.addEventListener('beforeunload', keepUnsaved);
  endSession = () => {
    endSession = undefined;
    window.removeEventListener('beforeunload', keepUnsaved);
    currentController.set(undefined);
    controller.dispose();
    release();
  };
}

/** The study is closed: all that was typed, drawn, derived or restored is given up. */
export function closeSession(): void {
  endSession?.();
}

/** What a viewer shows where a site's settings have faults; undefined where they have none. */
export function faultsNotice({ panel }: Configuration): { title: string; message: string } | undefined {
  if (panel.faults.length === 0) return undefined;
  return { title: texts.faultsTitle, message: `${texts.faultsText} ${panel.faults.join(' ')}` };
}
