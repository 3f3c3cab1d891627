import { KEY_AREA_TOOL } from './keyAreaTool';

const GROUP = 'KeyAreaProtection';

const onlyOnStacks = {
  name: 'evaluate.viewport.supported',
  unsupportedViewportTypes: ['orthographic', 'volume', 'volume3d', 'video', 'wholeSlide', 'ecg'],
  disabledText: 'Key areas are drawn on the original images, not on computed views',
};

const action = (id: string, icon: string, label: string, tooltip: string, commandName: string) => ({
  id,
  uiType: 'ohif.toolButton',
  props: { icon, label, tooltip, commands: commandName, evaluate: ['evaluate.action', onlyOnStacks] },
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
      evaluate: ['evaluate.cornerstoneTool', onlyOnStacks],
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

/**
 * Adds the toolbar group and the hotkey to every mode that composes its toolbar from Cornerstone's
 * packs. Nothing in the modes themselves is changed.
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
        'ohif.hotkeyBindings': {
          $push: [{ commandName: 'drawKeyArea', label: 'Key area', keys: ['k'], isEditable: true }],
        },
      },
    },
  ];
}
