import type { Configuration } from '../hosts/configuration';
import { currentController, faultsNotice, openSession } from '../hosts/session';
import type { Place } from '../panel/state';
import type { ExtensionParameters, PanelService } from './host';
import { panelId } from './id';
import { offerKeyAreaTool } from './keyAreaTool';
import { OhifViewer } from './viewer';

/** A study is opened: offers tool and panel. */
export function openStudy(parameters: ExtensionParameters, configuration: Configuration): void {
  const { toolGroupService, panelService, uiNotificationService } = parameters.servicesManager.services;
  openSession(() => {
    const viewer = new OhifViewer(parameters, configuration.panel.largestFile);
    const withdrawTool = offerKeyAreaTool(toolGroupService);
    const release = () => {
      withdrawTool();
      viewer.release();
    };
    return { port: viewer, release };
  }, configuration);
  // Our own mode brings the panel along; any other is given it.
  if (!panelService.getPanels('right').some(({ id }) => id === panelId))
    panelService.addPanel('right', panelId);
  const notice = faultsNotice(configuration);
  if (notice !== undefined) uiNotificationService.show({ ...notice, type: 'error', duration: 20_000 });
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
