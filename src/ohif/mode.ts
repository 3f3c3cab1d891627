import { panelId } from './id';

/** The route's path too: /key-area-protection?StudyInstanceUIDs=... */
const MODE = 'key-area-protection';

/** The part of @ohif/mode-basic that this mode is built on. */
interface BasicMode {
  readonly modeInstance: {
    readonly routes: readonly {
      readonly layoutInstance: { readonly id: string; readonly props: Record<string, unknown> };
    }[];
  };
}

interface FactoryOptions {
  loadModules(ids: string[]): Promise<BasicMode[]>;
}

/** OHIF v3's plain viewer, with the panel open and without the question whether to track measurements. */
export default {
  id: MODE,

  async modeFactory({ loadModules }: FactoryOptions) {
    const [{ modeInstance }] = await loadModules(['@ohif/mode-basic']);
    const [route] = modeInstance.routes;
    const { layoutInstance } = route;
    return {
      ...modeInstance,
      id: MODE,
      routeName: MODE,
      displayName: 'Key area protection',
      hide: false,
      routes: [
        {
          ...route,
          path: MODE,
          layoutInstance: {
            ...layoutInstance,
            props: {
              ...layoutInstance.props,
              rightPanels: [panelId, '@ohif/extension-cornerstone.panelModule.panelMeasurement'],
              rightPanelClosed: false,
              rightPanelInitialExpandedWidth: 340,
            },
          },
        },
      ],
    };
  },
};
