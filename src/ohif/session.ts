import { PanelController } from '../panel/controller';
import type { Place } from '../panel/state';
import { createStore } from '../panel/store';
import { createKeyAreaClient } from '../worker/client';
import { startWorker } from '../worker/start';
import type { Configuration } from './configuration';
import type { ExtensionParameters, PanelService } from './host';
import { panelId } from './id';
import { offerKeyAreaTool } from './keyAreaTool';
import { OhifViewer } from './viewer';

/** The panel's controller while a study is open. */
export const currentController = createStore<PanelController | undefined>(undefined);

let endSession: (() => void) | undefined;

/** A study is opened: offers tool and panel, and starts with nothing typed and nothing in memory. */
export function openSession(parameters: ExtensionParameters, configuration: Configuration): void {
  endSession?.();
  const { toolGroupService, panelService } = parameters.servicesManager.services;
  const { workerUrl, ...settings } = configuration;
  const viewer = new OhifViewer(parameters);
  const client = createKeyAreaClient(() => startWorker(workerUrl));
  const controller = new PanelController(viewer, client, settings);
  const withdrawTool = offerKeyAreaTool(toolGroupService);
  // Our own mode brings the panel along; any other is given it.
  if (!panelService.getPanels('right').some(({ id }) => id === panelId))
    panelService.addPanel('right', panelId);
  currentController.set(controller);
  endSession = () => {
    endSession = undefined;
    currentController.set(undefined);
    withdrawTool();
    controller.dispose();
    viewer.release();
  };
}

/** The study is closed: all that was typed, drawn, derived or restored is given up. */
export function closeSession(): void {
  endSession?.();
}

/** Opens the panel, whatever tab or state the sidebar is in, and moves the focus to a part of it. */
export function showPanel(panelService: PanelService, place?: Place): void {
  // A sidebar that the user has closed ignores `activatePanel` alone.
  panelService._broadcastEvent(panelService.EVENTS.PANELS_CHANGED, {
    position: 'right',
    options: { rightPanelClosed: false },
  });
  panelService.activatePanel(panelId, true);
  // The panel mounts first.
  if (place !== undefined) setTimeout(() => currentController.get()?.focus(place), 100);
}
