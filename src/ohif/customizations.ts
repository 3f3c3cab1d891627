import { KEY_AREA_TOOL } from './keyAreaTool';
import { MEASURING_TOOL } from './measuredRectangles';
import { ORIGINAL_IMAGES_ONLY } from './toolbar';

const GROUP = 'KeyAreaProtection';

const action = (id: string, icon: string, label: string, tooltip: string, commandName: string) => ({
  id,
  uiType: 'ohif.toolButton',
  props: { icon, label, tooltip, commands: commandName, evaluate: ['evaluate.action', ORIGINAL_IMAGES_ONLY] },
});

/** The toolbar group: the tool, and what is done with what it drew. */
const buttons = () => [
  { id: GROUP, uiType: 'ohif.toolButtonList', props: { buttonSection: true } },
  {
    id: KEY_AREA_TOOL,
    uiType: 'ohif.toolButton',
    props: {
      icon: 'EyeHidden',
      label: 'Key area',
      tooltip: 'Key area: draw what must not be seen',
      commands: 'drawKeyArea',
      evaluate: ['evaluate.cornerstoneTool', ORIGINAL_IMAGES_ONLY],
    },
  },
  action('ProtectKeyArea', 'Lock', 'Protect', 'Protect: hide the key area under a QR code', 'protectKeyArea'),
  action('RestoreKeyArea', 'Undo', 'Restore', 'Restore: give the key area back', 'restoreKeyArea'),
  action(
    'ExportKeyArea',
    'Export',
    'Export',
    'Export: save or download the protected series',
    'exportKeyArea',
  ),
];

/** Keys that neither OHIF nor a mode of its own uses; users change them in the viewer's preferences. */
const hotkeys = () =>
  [
    { commandName: 'drawKeyArea', label: 'Draw key area', keys: ['k'] },
    { commandName: 'protectKeyArea', label: 'Protect key area', keys: ['p'] },
    { commandName: 'restoreKeyArea', label: 'Restore key area', keys: ['u'] },
    { commandName: 'exportKeyArea', label: 'Export protected', keys: ['x'] },
  ].map((hotkey) => ({ ...hotkey, isEditable: true }));

/** The menu of a series' thumbnail; OHIF adds the series' displaySetInstanceUID to the options. */
const thumbnailMenuItems = () => [
  {
    id: 'protectSeries',
    label: 'Protect series',
    iconName: 'Lock',
    commands: { commandName: 'protectKeyArea', commandOptions: { scope: 'series' } },
  },
  { id: 'restoreSeries', label: 'Restore key area', iconName: 'Undo', commands: 'restoreKeyArea' },
  { id: 'exportSeries', label: 'Export protected series', iconName: 'Export', commands: 'exportKeyArea' },
];

/** What OHIF tells a context menu about the annotation under the mouse. */
interface Clicked {
  readonly toolName?: string;
}

interface Menu {
  readonly id?: string;
  readonly selector?: (clicked: Clicked) => boolean;
  readonly items?: readonly unknown[];
}

interface ContextMenu {
  readonly menus?: readonly Menu[];
}

/** The id of OHIF's menu for any annotation. */
const ANNOTATION_MENU = 'forExistingMeasurement';

/** Key areas are no measurements: they get a menu of their own. */
const keyAreaMenu: Menu = {
  id: 'forKeyArea',
  selector: ({ toolName }) => toolName === KEY_AREA_TOOL,
  items: [
    { label: 'Protect key area', commands: 'protectKeyArea' },
    { label: 'Remove key area', commands: 'removeKeyArea' },
  ],
};

const protectThisArea = {
  label: 'Protect this area',
  commands: 'protectRectangle',
  selector: ({ toolName }: Clicked) => toolName === MEASURING_TOOL,
};

const withKeyAreas = (menu: ContextMenu | undefined): ContextMenu | undefined =>
  menu && {
    ...menu,
    menus: [
      keyAreaMenu,
      ...(menu.menus ?? []).map((one) =>
        one.id === ANNOTATION_MENU ? { ...one, items: [...(one.items ?? []), protectThisArea] } : one,
      ),
    ],
  };

/**
 * Adds the toolbar group, the hotkeys and the menus' entries to every mode that composes its own from
 * OHIF's. Nothing in the modes themselves is changed.
 */
export function getCustomizationModule() {
  return [
    {
      name: 'global',
      value: {
        'cornerstone.toolbarButtons': { $push: buttons() },
        'cornerstone.toolbarSections': {
          primary: { $push: [GROUP] },
          [GROUP]: { $set: [KEY_AREA_TOOL, 'ProtectKeyArea', 'RestoreKeyArea', 'ExportKeyArea'] },
        },
        'ohif.hotkeyBindings': { $push: hotkeys() },
        'studyBrowser.thumbnailMenuItems': { $push: thumbnailMenuItems() },
        measurementsContextMenu: { $apply: withKeyAreas },
      },
    },
  ];
}
