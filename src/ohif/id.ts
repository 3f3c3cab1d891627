import packageJson from '../../package.json';

/** The extension's id in OHIF: the package's name. */
export const id: string = packageJson.name;

/** The panel's id: `EXTENSION.panelModule.NAME`. */
export const PANEL_NAME = 'keyAreaProtection';
export const panelId = `${id}.panelModule.${PANEL_NAME}`;
