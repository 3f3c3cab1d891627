import { currentController } from '../../src/hosts/session';
import type { CornerstoneViewport } from '../../src/ohif/host';
import { panelId } from '../../src/ohif/id';
import extension from '../../src/ohif/index';
import mode from '../../src/ohif/mode';
import { FakeHost, instance } from './fakeHost';

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
  const page = Object.assign(new EventTarget(), { adoptedStyleSheets: [] });
  globalThis.document ??= page as unknown as Document;
  globalThis.window ??= new EventTarget() as unknown as Window & typeof globalThis;
  globalThis.CSSStyleSheet ??= class {
    replaceSync() {}
  } as unknown as typeof CSSStyleSheet;
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
  });

  test('adds hotkeys that no binding of OHIF’s and none of its modes uses', () => {
    const { customizations, commands } = register();
    const hotkeys = customizations[0]!.value['ohif.hotkeyBindings'].$push;
    for (const { commandName } of hotkeys) expect(commands.definitions).toHaveProperty(commandName);
    const keys = hotkeys.flatMap((hotkey) => hotkey.keys);
    expect(keys).toEqual(['k', 'p', 'u', 'x']);
    // 3.13.2 and 3.14.0-beta.6, default bindings and the ultrasound mode's.
    for (const key of keys) expect('zrlhvcineb a1234wsedo').not.toContain(key);
  });

  test('adds entries to the menus, each with a command that exists', () => {
    const { customizations, commands } = register();
    const { value } = customizations[0]!;
    for (const { commands: named } of value['studyBrowser.thumbnailMenuItems'].$push) {
      expect(commands.definitions).toHaveProperty(typeof named === 'string' ? named : named.commandName);
    }
    const other = { id: 'other', items: [{ label: 'Another' }] };
    const annotation = { id: 'forExistingMeasurement', items: [{ label: 'Delete measurement' }] };
    const { $apply } = value.measurementsContextMenu;
    const { menus } = $apply({ menus: [annotation, other] })!;
    expect(menus!.map(({ id }) => id)).toEqual(['forKeyArea', 'forExistingMeasurement', 'other']);
    expect(menus![2]).toBe(other);
    const [keyArea, measurement] = menus!;
    expect(keyArea!.selector!({ toolName: 'KeyArea' })).toBe(true);
    expect(keyArea!.selector!({ toolName: 'RectangleROI' })).toBe(false);
    const [, protect] = measurement!.items as { commands: string; selector: (props: object) => boolean }[];
    expect(protect!.selector({ toolName: 'RectangleROI' })).toBe(true);
    expect(protect!.selector({ toolName: 'EllipticalROI' })).toBe(false);
    for (const item of [...(keyArea!.items as { commands: string }[]), protect!]) {
      expect(commands.definitions).toHaveProperty(item.commands);
    }
    // A viewer without that menu stays without.
    expect($apply(undefined)).toBeUndefined();
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
    const added = jest.spyOn(document, 'addEventListener');
    const removed = jest.spyOn(document, 'removeEventListener');
    const addedToWindow = jest.spyOn(window, 'addEventListener');
    const removedFromWindow = jest.spyOn(window, 'removeEventListener');
    extension.onModeEnter(host.parameters);
    const controller = currentController.get()!;
    controller.protect.edit({ report: 'Findings', passphrase: 'a secret phrase' });
    expect(host.listeners).toBeGreaterThan(before);
    extension.onModeExit();
    expect(host.listeners).toBe(before);
    expect(host.providers).toEqual([]);
    expect(added.mock.calls.length).toBeGreaterThan(0);
    expect(removed.mock.calls).toEqual(expect.arrayContaining(added.mock.calls));
    expect(addedToWindow.mock.calls.length).toBeGreaterThan(0);
    expect(removedFromWindow.mock.calls).toEqual(addedToWindow.mock.calls);
    expect(currentController.get()).toBeUndefined();
    expect(controller.state.get().draft.report).toBe('');
    expect(controller.state.get().draft.passphrase).toBe('');
    expect(document.adoptedStyleSheets).toEqual([]);
    jest.restoreAllMocks();
  });
});

describe('commands', () => {
  test('open the panel and take up the tool', async () => {
    const { host, commands } = register();
    extension.onModeEnter(host.parameters);
    await commands.definitions.drawKeyArea();
    expect(host.commands).toEqual([
      { activatePanel: panelId },
      { commandName: 'setToolActiveToolbar', commandOptions: { toolName: 'KeyArea' } },
    ]);
    extension.onModeExit();
  });

  test('say why there is nothing to export', async () => {
    const { host, commands } = register();
    extension.onModeEnter(host.parameters);
    await commands.definitions.exportKeyArea();
    expect(host.notifications).toMatchObject([{ message: 'Open a protected series to send it on.' }]);
    extension.onModeExit();
  });

  test('do nothing where no study is open', async () => {
    const { host, commands } = register();
    await commands.definitions.drawKeyArea();
    await commands.definitions.restoreKeyArea();
    expect(host.commands).toEqual([]);
  });
});

describe('commands about a series or an annotation', () => {
  const session = (prepare: (host: FakeHost) => void) => {
    const registered = register();
    prepare(registered.host);
    extension.onModeEnter(registered.host.parameters);
    return registered;
  };
  afterEach(() => extension.onModeExit());

  test('say that a document has nothing to protect', async () => {
    const { host, commands } = session((viewer) => viewer.addDisplaySet('report', []));
    await commands.definitions.protectKeyArea({ displaySetInstanceUID: 'report', scope: 'series' });
    expect(host.notifications).toMatchObject([{ message: expect.stringContaining('no image pixels') }]);
    expect(host.commands).toEqual([]);
  });

  test('make a measured rectangle a key area, without what was measured', () => {
    const measured = {
      annotationUID: 'measured',
      metadata: { toolName: 'RectangleROI', referencedImageId: 'source:1' },
      data: {
        label: 'Mass',
        handles: { points: [[0, 0, 0] as const, [9, 0, 0] as const], activeHandleIndex: 1 },
        cachedStats: { 'imageId:source:1': { mean: 55 } },
      },
    };
    const { host, commands } = session((viewer) => {
      viewer.annotations.push(measured);
      viewer.viewports.set('view', { viewportId: 'view', displaySetInstanceUIDs: [], x: 0, y: 0 });
      viewer.cornerstoneViewports.set('view', {
        type: 'stack',
        getCurrentImageId: () => 'source:1',
        getImageIds: () => ['source:1'],
        element: { querySelector: () => null },
      } as unknown as CornerstoneViewport);
    });
    commands.definitions.protectRectangle({ uid: 'measured' });
    expect(host.annotations).toHaveLength(1);
    const [keyArea] = host.annotations;
    expect(keyArea!.metadata).toEqual({ toolName: 'KeyArea', referencedImageId: 'source:1' });
    expect(keyArea!.annotationUID).not.toBe('measured');
    expect(keyArea!.data.handles.points).toEqual(measured.data.handles.points);
    expect(JSON.stringify(keyArea!.data)).not.toMatch(/55|Mass/);
    expect(host.notifications).toEqual([]);

    commands.definitions.removeKeyArea({ uid: keyArea!.annotationUID });
    expect(host.annotations).toEqual([]);
  });

  test('leave other annotations alone', () => {
    const ellipse = {
      annotationUID: 'ellipse',
      metadata: { toolName: 'EllipticalROI', referencedImageId: 'source:1' },
      data: { handles: { points: [] } },
    };
    const { host, commands } = session((viewer) => viewer.annotations.push(ellipse));
    commands.definitions.protectRectangle({ uid: 'ellipse' });
    commands.definitions.protectRectangle();
    expect(host.annotations).toEqual([ellipse]);
    expect(host.notifications).toHaveLength(2);
  });
});

describe('buttons', () => {
  const evaluate = (prepare: (host: FakeHost) => void) => {
    const host = new FakeHost();
    prepare(host);
    host.viewports.set('view', { viewportId: 'view', displaySetInstanceUIDs: ['series'], x: 0, y: 0 });
    const [{ evaluate: answer }] = extension.getToolbarModule(host.parameters);
    return answer({ viewportId: 'view' });
  };
  const showing = (type: string) => (host: FakeHost) => {
    host.addDisplaySet('series', [instance(1)]);
    host.cornerstoneViewports.set('view', { type } as never);
  };

  test('can be used on original images', () => {
    expect(evaluate(showing('stack'))).toBeUndefined();
  });

  test.each(['orthographic', 'volume3d', 'video', 'wholeSlide', 'ecg'])('say why not on %s', (type) => {
    expect(evaluate(showing(type))).toMatchObject({
      disabled: true,
      disabledText: expect.stringContaining('original images'),
    });
  });

  test('say why not on documents, and before anything is open', () => {
    expect(evaluate((host) => host.addDisplaySet('series', []))).toMatchObject({
      disabledText: expect.stringContaining('no image pixels'),
    });
    expect(evaluate(() => {})).toMatchObject({ disabledText: 'Open a series to protect or restore it.' });
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
