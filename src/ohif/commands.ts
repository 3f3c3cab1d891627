import { createCommands } from '../hosts/commands';
import { texts } from '../panel/texts/texts';
import type { ExtensionParameters } from './host';
import { showPanel } from './session';

/** The extension's commands, for its buttons, hotkeys and menus, and for other extensions. */
export function getCommandsModule({ servicesManager }: ExtensionParameters) {
  const { panelService, uiNotificationService, displaySetService } = servicesManager.services;
  return {
    defaultContext: 'VIEWER',
    definitions: createCommands({
      showPanel: (place) => showPanel(panelService, place),
      tell: (message) =>
        uiNotificationService.show({ title: texts.title, message, type: 'info', duration: 6000 }),
      hasImages: (id) => Boolean(displaySetService.getDisplaySetByUID(id)?.images?.length),
    }),
  };
}
