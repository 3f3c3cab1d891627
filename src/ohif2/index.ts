import packageJson from '../../package.json';
import { createCommands } from '../hosts/commands';
import { type Configuration, readConfiguration } from '../hosts/configuration';
import { closeSession, currentController, faultsNotice, openSession } from '../hosts/session';
import { createPanelIsland } from '../panel/island';
import type { Place } from '../panel/state';
import { texts } from '../panel/texts/texts';
import type { CommandDefinition, ExtensionParameters, ToolbarRow } from './host';
import { registerKeyAreaTool } from './keyAreaTool';
import { viewerLibraries } from './libraries';
import { addHotkeys, toolbarModule } from './toolbar';
import { OhifViewer } from './viewer';

/** The panel's id among the viewer's. */
const PANEL = 'key-area-protection-panel';

let configuration: Configuration = readConfiguration(undefined);
let toolbar: ToolbarRow | undefined;
let viewer: OhifViewer | undefined;

/** Key Area Protection as an extension of OHIF v2. */
export default {
  id: packageJson.name,
  version: packageJson.version,

  preRegistration({ appConfig }: ExtensionParameters): void {
    configuration = readConfiguration(appConfig);
    registerKeyAreaTool(viewerLibraries().cornerstoneTools);
    if (Array.isArray(appConfig?.hotkeys)) addHotkeys(appConfig.hotkeys);
  },

  getToolbarModule(parameters: ExtensionParameters) {
    return toolbarModule({
      opened: (row) => openStudy(row, parameters),
      updated: () => viewer?.studiesChanged(),
      closed: () => {
        closeSession();
        [toolbar, viewer] = [undefined, undefined];
      },
    });
  },

  getCommandsModule({ servicesManager }: ExtensionParameters) {
    const { UINotificationService } = servicesManager.services;
    const commands = createCommands({
      showPanel,
      tell: (message) =>
        UINotificationService.show({ title: texts.title, message, type: 'info', duration: 6000 }),
      hasImages: (id) => viewer?.hasImages(id) ?? false,
    });
    const definitions = Object.entries(commands).map(([name, commandFn]): [string, CommandDefinition] => [
      name,
      { commandFn, storeContexts: [], options: {} },
    ]);
    return { definitions: Object.fromEntries(definitions), defaultContext: 'VIEWER' };
  },

  getPanelModule() {
    return {
      menuOptions: [{ icon: 'lock', label: texts.title, target: PANEL }],
      components: [{ id: PANEL, component: createPanelIsland(currentController) }],
      defaultContext: ['VIEWER'],
    };
  },
};

function openStudy(row: ToolbarRow, parameters: ExtensionParameters): void {
  toolbar = row;
  openSession(() => {
    const port = new OhifViewer(
      viewerLibraries(),
      parameters,
      () => row.props.studies,
      configuration.panel.largestFile,
    );
    viewer = port;
    return { port, release: () => port.release() };
  }, configuration);
  const notice = faultsNotice(configuration);
  const { UINotificationService } = parameters.servicesManager.services;
  if (notice !== undefined) UINotificationService.show({ ...notice, type: 'error', duration: 20_000 });
}

/** Opens the panel, whatever the side panel shows, and moves the focus to a part of it. */
function showPanel(place?: Place): void {
  if (toolbar === undefined) return;
  if (toolbar.props.selectedRightSidePanel !== PANEL) toolbar.props.handleSidePanelChange('right', PANEL);
  // The panel mounts first.
  if (place !== undefined) setTimeout(() => currentController.get()?.focus(place), 100);
}
