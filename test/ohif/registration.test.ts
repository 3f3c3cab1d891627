import { panelId } from '../../src/ohif/id';
import extension from '../../src/ohif/index';
import mode from '../../src/ohif/mode';
import { currentController } from '../../src/ohif/session';
import { FakeHost } from './fakeHost';

/** Registers the extension as OHIF's extension manager does: hook first, then its modules. */
function register(appConfig: Record<string, unknown> = {}) {
  const host = new FakeHost();
  extension.preRegistration({ ...host.parameters, appConfig });
  return {
    host,
    panels: extension.getPanelModule(),
    customizations: extension.getCustomizationModule(),
    commands: extension.getCommandsModule(host.parameters),
  };
}

beforeAll(() => {
  globalThis.document ??= new EventTarget() as Document;
});

test('the id is the name of the package', () => {
  expect(extension.id).toBe('ohif-extension-key-area-protection');
});

describe('registering', () => {
  test('adds the key area tool: a rectangle without statistics, and without measurements', () => {
    const { host } = register();
    const Tool = host.tools.get('KeyArea')!;
    const tool = new Tool() as { defaultToolProps: { configuration: Record<string, unknown> } };
    const { calculateStats, getTextLines } = tool.defaultToolProps.configuration;
    expect(calculateStats).toBe(false);
    expect((getTextLines as () => string[])()).toEqual([]);
    expect(host.mappings).toEqual(['KeyArea']);
  });

  test('gives a panel whose component is a class, since the viewer has a React of its own', () => {
    const [panel] = register().panels;
    expect(`${extension.id}.panelModule.${panel!.name}`).toBe(panelId);
    expect(panel!.component.prototype).toHaveProperty('isReactComponent');
    expect(panel!.label).toBe('Key area protection');
  });

  test('adds a toolbar group of which every button has its definition and every command exists', () => {
    const { customizations, commands } = register();
    const [{ name, value }] = customizations;
    expect(name).toBe('global');
    const buttons = value['cornerstone.toolbarButtons'].$push as {
      id: string;
      props: { commands?: string };
    }[];
    const sections = value['cornerstone.toolbarSections'] as Record<
      string,
      { $set?: string[]; $push?: string[] }
    >;
    const [group] = sections.primary!.$push!;
    expect(buttons.map(({ id }) => id)).toEqual([group, ...sections[group!]!.$set!]);
    expect(sections[group!]!.$set).toHaveLength(4);
    for (const { props } of buttons.slice(1)) expect(commands.definitions).toHaveProperty(props.commands!);
    const [{ commandName, keys }] = value['ohif.hotkeyBindings'].$push;
    expect(commands.definitions).toHaveProperty(commandName);
    expect(keys).toEqual(['k']);
  });

  test('hands out fresh button definitions: OHIF writes into them', () => {
    const first = extension.getCustomizationModule()[0]!.value['cornerstone.toolbarButtons'].$push;
    const second = extension.getCustomizationModule()[0]!.value['cornerstone.toolbarButtons'].$push;
    expect(first[1]).not.toBe(second[1]);
  });

  test('takes settings with a fault, so that the viewer still starts', () => {
    const { host } = register({ keyAreaProtection: { workFactor: 40 } });
    extension.onModeEnter(host.parameters);
    expect(host.notifications).toMatchObject([{ type: 'error', title: 'This site’s settings have a fault' }]);
    expect(currentController.get()!.settings.faults).toEqual([
      'keyAreaProtection.workFactor must be a whole number from 10 to 18.',
    ]);
    extension.onModeExit();
  });
});

describe('a study that is opened', () => {
  test('gets panel and tool, in tool groups made before and after', () => {
    const { host } = register();
    host.createToolGroup('default');
    extension.onModeEnter(host.parameters);
    host.createToolGroup('SRToolGroup');
    host.createToolGroup('volume3d');
    expect(host.panels).toEqual([{ id: panelId }]);
    expect([...host.toolGroups.values()].map(({ id, tools }) => [id, tools])).toEqual([
      ['default', ['KeyArea']],
      ['SRToolGroup', ['KeyArea']],
      ['volume3d', []],
    ]);
    extension.onModeExit();
  });

  test('gets no second panel where the mode has it', () => {
    const { host } = register();
    host.panels.push({ id: panelId });
    extension.onModeEnter(host.parameters);
    expect(host.panels).toHaveLength(1);
    extension.onModeExit();
  });

  test('leaves nothing behind when it is closed', () => {
    const { host } = register();
    const before = host.listeners;
    extension.onModeEnter(host.parameters);
    const controller = currentController.get()!;
    controller.protect.edit({ report: 'Findings', passphrase: 'a secret phrase' });
    expect(host.listeners).toBeGreaterThan(before);
    extension.onModeExit();
    expect(host.listeners).toBe(before);
    expect(host.providers).toEqual([]);
    expect(currentController.get()).toBeUndefined();
    expect(controller.state.get().draft.report).toBe('');
    expect(controller.state.get().draft.passphrase).toBe('');
  });
});

describe('commands', () => {
  test('open the panel and take up the tool', () => {
    const { host, commands } = register();
    extension.onModeEnter(host.parameters);
    commands.definitions.drawKeyArea();
    expect(host.commands).toEqual([
      { activatePanel: panelId },
      { commandName: 'setToolActiveToolbar', commandOptions: { toolName: 'KeyArea' } },
    ]);
    extension.onModeExit();
  });

  test('say why there is nothing to export', () => {
    const { host, commands } = register();
    extension.onModeEnter(host.parameters);
    commands.definitions.exportKeyArea();
    expect(host.notifications).toMatchObject([{ message: 'Open a protected series to send it on.' }]);
    extension.onModeExit();
  });

  test('do nothing where no study is open', () => {
    const { host, commands } = register();
    commands.definitions.drawKeyArea();
    commands.definitions.restoreKeyArea();
    expect(host.commands).toEqual([]);
  });
});

describe('the mode', () => {
  const basic = {
    modeInstance: {
      id: '@ohif/mode-basic',
      hide: true,
      onModeEnter: () => {},
      routes: [
        {
          path: 'basic',
          layoutInstance: { id: 'layout', props: { leftPanels: ['list'], rightPanelClosed: true } },
        },
      ],
    },
  };

  test('is the plain viewer with our panel open', async () => {
    const made = await mode.modeFactory({ loadModules: async () => [basic] });
    expect(made).toMatchObject({
      id: 'key-area-protection',
      routeName: 'key-area-protection',
      hide: false,
      onModeEnter: basic.modeInstance.onModeEnter,
    });
    const [{ layoutInstance }] = made.routes;
    expect(layoutInstance.props).toMatchObject({ leftPanels: ['list'], rightPanelClosed: false });
    expect((layoutInstance.props.rightPanels as string[])[0]).toBe(panelId);
    expect(basic.modeInstance.routes[0]!.layoutInstance.props.rightPanelClosed).toBe(true);
  });
});
