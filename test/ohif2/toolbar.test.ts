import { addHotkeys, toolbarModule } from '../../src/ohif2/toolbar';

test('hotkeys are added to the site’s, and take none of its keys', () => {
  const hotkeys = [{ commandName: 'setZoomTool', label: 'Zoom', keys: ['k'] }];
  addHotkeys(hotkeys);
  expect(hotkeys.map(({ commandName, keys }) => [commandName, ...keys])).toEqual([
    ['setZoomTool', 'k'],
    ['protectKeyArea', 'p'],
    ['restoreKeyArea', 'u'],
    ['exportKeyArea', 'x'],
  ]);
});

test('the toolbar group runs the extension’s commands', () => {
  const listener = { opened: () => {}, updated: () => {}, closed: () => {} };
  const [group] = toolbarModule(listener).definitions;
  expect(group!.buttons!.map(({ label, commandName }) => [label, commandName])).toEqual([
    ['Key area', 'drawKeyArea'],
    ['Protect', 'protectKeyArea'],
    ['Restore', 'restoreKeyArea'],
    ['Export', 'exportKeyArea'],
  ]);
});
