import { ACTIONS, hotkeys } from '../hosts/actions';
import { KEY_AREA_TOOL } from './keyAreaTool';
import { MEASURING_TOOL } from './measuredRectangles';
import { ORIGINAL_IMAGES_ONLY } from './toolbar';

const GROUP = 'KeyAreaProtection';

const button = (
  id: string,
  icon: string,
  { label, commandName }: { readonly label: string; readonly commandName: string },
  explanation: string,
  evaluate = 'evaluate.action',
) => ({
  id,
  uiType: 'ohif.toolButton',
  props: {
    icon,
    label,
    tooltip: `${label}: ${explanation}`,
    commands: commandName,
    evaluate: [evaluate, ORIGINAL_IMAGES_ONLY],
  },
});

/** The toolbar group: the tool, and what is done with what it drew. */
const buttons = () => [
  { id: GROUP, uiType: 'ohif.toolButtonList', props: { buttonSection: true } },
  button(KEY_AREA_TOOL, 'EyeHidden', ACTIONS.draw, 'draw what must not be seen', 'evaluate.cornerstoneTool'),
  button('ProtectKeyArea', 'Lock', ACTIONS.protect, 'hide the key area under a QR code'),
  button('RestoreKeyArea', 'Undo', ACTIONS.restore, 'give the key area back'),
  button('ExportKeyArea', 'Export', ACTIONS.export, 'save or download the protected series'),
];

const editableHotkeys = () => hotkeys().map((hotkey) => ({ ...hotkey, isEditable: true }));

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
        'ohif.hotkeyBindings': { $push: editableHotkeys() },
        'studyBrowser.thumbnailMenuItems': { $push: thumbnailMenuItems() },
        measurementsContextMenu: { $apply: withKeyAreas },
      },
    },
  ];
}
