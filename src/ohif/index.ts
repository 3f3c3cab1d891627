import { type Configuration, readConfiguration } from '../hosts/configuration';
import { closeSession, currentController } from '../hosts/session';
import { createPanelIsland } from '../panel/island';
import { texts } from '../panel/texts/texts';
import { getCommandsModule } from './commands';
import { getCustomizationModule } from './customizations';
import type { ExtensionParameters } from './host';
import { id, PANEL_NAME } from './id';
import { registerKeyAreaTool } from './keyAreaTool';
import { cornerstoneLibraries } from './libraries';
import { openStudy } from './session';
import { getToolbarModule } from './toolbar';

let configuration: Configuration = readConfiguration(undefined);

/** Key Area Protection as an extension of OHIF v3. */
export default {
  id,

  preRegistration({ appConfig, extensionManager, servicesManager }: ExtensionParameters): void {
    configuration = readConfiguration(appConfig);
    const { cornerstoneTools } = cornerstoneLibraries(extensionManager);
    registerKeyAreaTool(cornerstoneTools, servicesManager.services.measurementService);
  },

  onModeEnter(parameters: ExtensionParameters): void {
    openStudy(parameters, configuration);
  },

  onModeExit(): void {
    closeSession();
  },

  getCustomizationModule,
  getCommandsModule,
  getToolbarModule,

  getPanelModule() {
    return [
      {
        name: PANEL_NAME,
        iconName: 'StatusLocked',
        iconLabel: texts.title,
        label: texts.title,
        component: createPanelIsland(currentController),
      },
    ];
  },
};
