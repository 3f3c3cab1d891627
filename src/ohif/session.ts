import { PanelController } from '../panel/controller';
import type { Place } from '../panel/state';
import { createStore } from '../panel/store';
import { texts } from '../panel/texts';
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
  const { toolGroupService, panelService, uiNotificationService } = parameters.servicesManager.services;
  const viewer = new OhifViewer(parameters, configuration.largestFile);
  const client = createKeyAreaClient(() => startWorker(configuration.workerUrl));
  const controller = new PanelController(viewer, client, configuration.panel);
  const withdrawTool = offerKeyAreaTool(toolGroupService);
  // Our own mode brings the panel along; any other is given it.
  if (!panelService.getPanels('right').some(({ id }) => id === panelId))
    panelService.addPanel('right', panelId);
  currentController.set(controller);
  if (configuration.panel.faults.length > 0) {
    const message = `${texts.faultsText} ${configuration.panel.faults.join(' ')}`;
    uiNotificationService.show({ title: texts.faultsTitle, message, type: 'error', duration: 20_000 });
  }
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
