import type {
  Annotation,
  AnnotationToolClass,
  CornerstoneImage,
  CornerstoneViewport,
  DisplaySet,
  ExtensionParameters,
  Instance,
  MetadataProvider,
  Publisher,
  Services,
  ToolGroup,
} from '../../src/ohif/host';

/** As much of OHIF as an extension meets, without a browser: what is registered can be looked at. */
export class FakeHost {
  readonly commands: unknown[] = [];
  readonly notifications: unknown[] = [];
  readonly displaySets = new Map<string, DisplaySet>();
  readonly viewports = new Map<
    string,
    { viewportId: string; displaySetInstanceUIDs: string[]; x: number; y: number }
  >();
  readonly cornerstoneViewports = new Map<string, CornerstoneViewport>();
  readonly panels: { id: string }[] = [];
  readonly tools = new Map<string, AnnotationToolClass>();
  readonly mappings: string[] = [];
  readonly toolGroups = new Map<string, ToolGroup & { tools: string[] }>();
  readonly images = new Map<string, CornerstoneImage>();
  readonly providers: MetadataProvider[] = [];
  readonly eventTarget = new EventTarget();
  annotations: Annotation[] = [];
  readonly stackImageIds = new Map<string, string[]>();

  readonly #publishers: { listeners: Map<string, Set<(detail: never) => void>> }[] = [];

  /** Listeners that are still subscribed anywhere. */
  get listeners(): number {
    return this.#publishers.reduce(
      (sum, { listeners }) => sum + [...listeners.values()].reduce((count, set) => count + set.size, 0),
      0,
    );
  }

  #publisher(...events: string[]): Publisher & { publish(event: string, detail: unknown): void } {
    const listeners = new Map<string, Set<(detail: never) => void>>();
    this.#publishers.push({ listeners });
    return {
      EVENTS: Object.fromEntries(events.map((event) => [event, event])),
      subscribe: (event, listener) => {
        const set = listeners.get(event) ?? new Set();
        listeners.set(event, set.add(listener));
        return { unsubscribe: () => set.delete(listener) };
      },
      publish: (event, detail) => {
        for (const listener of listeners.get(event) ?? []) listener(detail as never);
      },
    };
  }

  readonly #toolGroupEvents = this.#publisher('TOOLGROUP_CREATED');

  createToolGroup(id: string): void {
    const tools: string[] = [];
    this.toolGroups.set(id, {
      id,
      tools,
      hasTool: (name) => tools.includes(name),
      addTool: (name) => tools.push(name),
      setToolPassive: () => {},
      getActivePrimaryMouseButtonTool: () => 'WindowLevel',
    });
    this.#toolGroupEvents.publish('TOOLGROUP_CREATED', { toolGroupId: id });
  }

  addDisplaySet(id: string, images: Instance[]): DisplaySet {
    const [first] = images;
    const displaySet = {
      ...first!,
      displaySetInstanceUID: id,
      images,
      instances: images,
    } as unknown as DisplaySet;
    this.displaySets.set(id, displaySet);
    return displaySet;
  }

  metadata(type: string, imageId: string): unknown {
    for (const provider of this.providers) {
      const answer = provider(type, imageId);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  readonly parameters: ExtensionParameters = this.#parameters();

  #parameters(): ExtensionParameters {
    const events = this.#publisher('ACTIVE_VIEWPORT_ID_CHANGED', 'GRID_STATE_CHANGED', 'LAYOUT_CHANGED');
    const services: Services = {
      displaySetService: {
        ...this.#publisher('DISPLAY_SETS_ADDED', 'DISPLAY_SETS_REMOVED'),
        getDisplaySetByUID: (id) => this.displaySets.get(id),
        getActiveDisplaySets: () => [...this.displaySets.values()],
        makeDisplaySets: (instances, { settings }) => {
          const id = `added-${this.displaySets.size}`;
          return [Object.assign(this.addDisplaySet(id, instances), settings)];
        },
        deleteDisplaySet: (id) => this.displaySets.delete(id),
      },
      viewportGridService: {
        ...events,
        getState: () => ({
          activeViewportId: [...this.viewports.keys()][0] ?? null,
          viewports: this.viewports,
        }),
        getActiveViewportId: () => [...this.viewports.keys()][0] ?? null,
        setActiveViewportId: () => {},
        setLayout: async () => {},
      },
      panelService: {
        ...this.#publisher('PANELS_CHANGED'),
        getPanels: () => this.panels,
        addPanel: (_, id) => this.panels.push({ id }),
        activatePanel: (id) => this.commands.push({ activatePanel: id }),
        _broadcastEvent: () => {},
      },
      measurementService: {
        ...this.#publisher('MEASUREMENT_ADDED'),
        getMeasurements: () => [],
        createSource: (name) => name,
        addMapping: (_, tool) => this.mappings.push(tool),
      },
      userAuthenticationService: { getAuthorizationHeader: () => undefined },
      uiNotificationService: { show: (message) => this.notifications.push(message) },
      cornerstoneViewportService: {
        ...this.#publisher('VIEWPORT_DATA_CHANGED'),
        getCornerstoneViewport: (id) => this.cornerstoneViewports.get(id),
        getRenderingEngine: () => ({ getViewports: () => [...this.cornerstoneViewports.values()] }),
      },
      cornerstoneCacheService: { stackImageIds: this.stackImageIds },
      toolGroupService: {
        ...this.#toolGroupEvents,
        getToolGroupIds: () => [...this.toolGroups.keys()],
        getToolGroup: (id) => this.toolGroups.get(id),
        getToolGroupForViewport: () => undefined,
      },
      toolbarService: { refreshToolbarState: () => {} },
    };
    const cornerstone = {
      cache: {
        getImage: (id: string) => this.images.get(id),
        getImageLoadObject: (id: string) => this.images.get(id),
        removeImageLoadObject: (id: string) => this.images.delete(id),
      },
      metaData: {
        get: (type: string, id: string) => this.metadata(type, id),
        addProvider: (provider: MetadataProvider) => this.providers.unshift(provider),
        removeProvider: (provider: MetadataProvider) => {
          this.providers.splice(this.providers.indexOf(provider), 1);
        },
      },
      eventTarget: this.eventTarget,
    };
    const cornerstoneTools = {
      RectangleROITool: class {
        static toolName = 'RectangleROI';
        constructor(
          readonly toolProps?: object,
          readonly defaultToolProps?: object,
        ) {}
      },
      AnnotationTool: {
        createAnnotationMemo: () => {},
        startGroupRecording: () => {},
        endGroupRecording: () => {},
      },
      addTool: (tool: AnnotationToolClass) => this.tools.set(tool.toolName, tool),
      annotation: {
        state: {
          getAllAnnotations: () => this.annotations,
          addAnnotation: (annotation: Annotation) => this.annotations.push(annotation),
          removeAnnotation: (id: string) => {
            this.annotations = this.annotations.filter(({ annotationUID }) => annotationUID !== id);
          },
        },
        config: { style: { getDefaultToolStyles: () => ({}), setDefaultToolStyles: () => {} } },
      },
      Enums: { Events: { ANNOTATION_MODIFIED: 'modified' } },
      utilities: { triggerAnnotationRenderForViewportIds: () => {} },
    };
    const cornerstoneExports = {
      exports: {
        getCornerstoneLibraries: () => ({ cornerstone, cornerstoneTools }),
        dicomLoaderService: { findDicomDataPromise: async () => new ArrayBuffer(0) },
      },
    };
    return {
      servicesManager: { services },
      commandsManager: { run: (command) => this.commands.push(command) },
      extensionManager: {
        getModuleEntry: (id) =>
          id === '@ohif/extension-cornerstone.utilityModule.common' ? cornerstoneExports : undefined,
        getActiveDataSourceDefinition: () => ({ sourceName: 'fake' }),
        getActiveDataSource: () => [
          {
            retrieve: {},
            getImageIdsForDisplaySet: ({ images }) =>
              (images ?? []).flatMap(({ imageId, NumberOfFrames }) =>
                Array.from({ length: Number(NumberOfFrames ?? 1) }, (_, index) =>
                  Number(NumberOfFrames ?? 1) > 1 ? `${imageId}?frame=${index + 1}` : (imageId ?? ''),
                ),
              ),
          },
        ],
      },
    };
  }
}

/** An instance as a DICOMweb data source lists it. */
export function instance(number: number, attributes: Record<string, unknown> = {}): Instance {
  const listed = {
    StudyInstanceUID: '1.2',
    SeriesInstanceUID: '1.2.3',
    SOPInstanceUID: `1.2.3.${number}`,
    Rows: 80,
    Columns: 100,
    SeriesDescription: 'Axial',
    ...attributes,
  };
  Object.defineProperty(listed, 'imageId', { value: `source:${number}`, configurable: true });
  return listed;
}
