import type { PanelController } from '../panel/controller';
import { type PanelState, viewOf } from '../panel/state';
import { texts } from '../panel/texts';
import type { ExtensionParameters } from './host';
import { currentController, showPanel } from './session';

/**
 * The extension's commands, for its buttons and hotkeys and for other extensions:
 * - `drawKeyArea`: the key area tool becomes the active one, the panel opens;
 * - `protectKeyArea`: the panel opens where something is missing, or at its Protect button;
 * - `restoreKeyArea`: the panel turns to restoring the series on display;
 * - `exportKeyArea`: the panel opens where the series on display is sent on.
 */
export function getCommandsModule({ servicesManager }: ExtensionParameters) {
  const { panelService, uiNotificationService } = servicesManager.services;

  const withController = (action: (controller: PanelController, state: PanelState) => void) => () => {
    const controller = currentController.get();
    if (controller !== undefined) action(controller, controller.state.get());
  };

  return {
    defaultContext: 'VIEWER',
    definitions: {
      drawKeyArea: withController((controller) => {
        showPanel(panelService);
        controller.protect.draw();
      }),
      protectKeyArea: withController((controller, state) => {
        const drawn = viewOf(state).name !== 'draw';
        showPanel(panelService, drawn ? 'action' : 'area');
        if (!drawn) controller.protect.draw();
      }),
      restoreKeyArea: withController((controller) => {
        showPanel(panelService, 'key');
        void controller.restore.ask();
      }),
      exportKeyArea: withController((_, state) => {
        showPanel(panelService, 'export');
        const { name } = viewOf(state);
        if (name === 'protected' || name === 'restored') return;
        uiNotificationService.show({ title: texts.title, message: texts.nothingToExport, type: 'info' });
      }),
    },
  };
}
