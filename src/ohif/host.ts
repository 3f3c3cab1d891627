import type { Attributes } from '../hosts/attributes';

/**
 * The parts of OHIF v3 and Cornerstone3D that this extension calls, no more: the packages on npm ship
 * no types. Checked against @ohif/app 3.13.2.
 */
export interface ServicesManager {
  readonly services: Services;
}

export interface Services {
  readonly displaySetService: DisplaySetService;
  readonly viewportGridService: ViewportGridService;
  readonly panelService: PanelService;
  readonly measurementService: MeasurementService;
  readonly userAuthenticationService: { getAuthorizationHeader(): Record<string, string> | undefined };
  readonly uiNotificationService: {
    show(message: { title: string; message: string; type: string; duration?: number }): void;
  };
  readonly cornerstoneViewportService: CornerstoneViewportService;
  readonly cornerstoneCacheService: { readonly stackImageIds: Map<string, string[]> };
  readonly toolGroupService: ToolGroupService;
  readonly toolbarService: { refreshToolbarState(options: { viewportId: string | null }): void };
}

export interface Subscription {
  unsubscribe(): void;
}

export interface Publisher {
  readonly EVENTS: Record<string, string>;
  subscribe(event: string, listener: (detail: never) => void): Subscription;
}

/** The attributes of an object, with what OHIF hangs on them. */
export interface Instance extends Attributes {
  readonly url?: string;
  readonly imageId?: string;
  readonly wadoRoot?: string;
}

export interface DisplaySet {
  readonly displaySetInstanceUID: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly Modality?: string;
  readonly SeriesDescription?: string;
  /** Undefined for display sets without images, such as reports. */
  readonly images?: readonly Instance[];
  readonly instances?: readonly Instance[];
}

export interface DisplaySetService extends Publisher {
  getDisplaySetByUID(id: string): DisplaySet | undefined;
  getActiveDisplaySets(): readonly DisplaySet[];
  makeDisplaySets(
    instances: Instance[],
    options: { madeInClient: boolean; settings: Record<string, unknown> },
  ): DisplaySet[] | undefined;
  deleteDisplaySet(id: string): void;
}

export interface GridViewport {
  readonly viewportId: string;
  readonly displaySetInstanceUIDs: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly viewportOptions?: { readonly toolGroupId?: string; readonly viewportType?: string };
}

export interface ViewportGridService extends Publisher {
  getState(): { readonly activeViewportId: string | null; readonly viewports: Map<string, GridViewport> };
  getActiveViewportId(): string | null;
  setActiveViewportId(id: string): void;
  /** Asks for the contents of each viewport, by its place; they are written to. */
  setLayout(layout: {
    readonly numRows: number;
    readonly numCols: number;
    readonly findOrCreateViewport: (position: number) => object | undefined;
  }): Promise<void>;
}

export interface PanelService extends Publisher {
  getPanels(position: string): { readonly id: string }[];
  addPanel(position: string, id: string): void;
  activatePanel(id: string, force: boolean): void;
  _broadcastEvent(event: string, detail: unknown): void;
}

export interface MeasurementService extends Publisher {
  getMeasurements(): { readonly referenceSeriesUID?: string }[];
  createSource(name: string, version: string): unknown;
  addMapping(
    source: unknown,
    toolName: string,
    matchingCriteria: unknown[],
    toAnnotation: () => null,
    toMeasurement: () => null,
  ): void;
}

export interface CornerstoneViewportService extends Publisher {
  getCornerstoneViewport(id: string): CornerstoneViewport | null | undefined;
  getRenderingEngine(): { getViewports(): CornerstoneViewport[] } | undefined;
}

export interface ToolGroup {
  readonly id: string;
  hasTool(name: string): boolean;
  addTool(name: string): void;
  setToolPassive(name: string): void;
  /** What the left mouse button does; undefined where nothing. */
  getActivePrimaryMouseButtonTool(): string | undefined;
}

export interface ToolGroupService extends Publisher {
  getToolGroupIds(): string[];
  getToolGroup(id: string): ToolGroup | undefined;
  getToolGroupForViewport(id: string): ToolGroup | undefined;
}

/** World coordinates, millimetres. */
export type Point3 = readonly [number, number, number];

export interface ViewportProperties {
  readonly voiRange?: { readonly lower: number; readonly upper: number };
  readonly invert?: boolean;
}

export interface CornerstoneViewport {
  readonly id: string;
  readonly type: string;
  readonly element: HTMLElement;
  getCurrentImageId(): string | undefined;
  getCurrentImageIdIndex(): number;
  /** The image that is drawn; missing where the viewport shows a volume. */
  getCornerstoneImage?(): { readonly imageId: string } | undefined;
  getImageIds(): string[];
  getImageData():
    | {
        readonly imageData: {
          worldToIndex(point: Point3): ArrayLike<number>;
          /** Indices may lie between pixels. */
          indexToWorld(index: readonly number[]): Point3;
          /** The pixels that are drawn; missing where the processor draws them. */
          getPointData?(): { getScalars(): { getData(): PixelArray } };
        };
        readonly dimensions: number[];
      }
    | undefined;
  getProperties(): ViewportProperties & {
    /** False where the window was set by the user. */
    readonly isComputedVOI?: boolean;
  };
  setProperties(properties: ViewportProperties): void;
  /** How the image lies in the viewport: turned, flipped, moved, magnified. */
  getViewPresentation(): object;
  setViewPresentation(presentation: object): void;
  /** In CSS pixels of the viewport. */
  worldToCanvas(point: Point3): readonly [number, number];
  getCamera(): { readonly viewPlaneNormal: Point3; readonly viewUp: Point3 };
  getFrameOfReferenceUID(): string;
  setImageIdIndex(index: number): Promise<unknown>;
  render(): void;
}

export type PixelArray = ArrayLike<number> & { fill(value: number): unknown };

export interface CornerstoneImage {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
  getPixelData(): PixelArray;
  /** The file as it was parsed; it may hold the pixels once more. */
  readonly data?: unknown;
}

export type MetadataProvider = (type: string, imageId: string) => unknown;

export interface Cornerstone {
  readonly cache: {
    getImage(imageId: string): CornerstoneImage | undefined;
    removeImageLoadObject(imageId: string, options?: { force: boolean }): void;
    getImageLoadObject(imageId: string): unknown;
  };
  readonly metaData: {
    get(type: string, imageId: string): unknown;
    addProvider(provider: MetadataProvider, priority: number): void;
    removeProvider(provider: MetadataProvider): void;
    /** Forgets what is cached of one type for one image; missing where nothing is cached. */
    clearQuery?(type: string, imageId: string): void;
  };
  readonly eventTarget: EventTarget;
  getRenderingEngine(id: string): { getViewport(id: string): CornerstoneViewport | undefined } | undefined;
}

export interface Annotation {
  readonly annotationUID: string;
  readonly highlighted?: boolean;
  readonly invalidated?: boolean;
  readonly metadata: {
    readonly toolName: string;
    readonly referencedImageId?: string;
    readonly FrameOfReferenceUID?: string;
    readonly viewPlaneNormal?: Point3;
    readonly viewUp?: Point3;
  };
  readonly data: {
    readonly label?: string;
    readonly handles: { points: readonly Point3[]; readonly activeHandleIndex?: number | null };
    /** Mean, maximum and others, of tools that measure. */
    readonly cachedStats?: Readonly<Record<string, unknown>>;
  };
}

export interface AnnotationToolClass {
  new (toolProps?: object, defaultToolProps?: object): object;
  toolName: string;
}

/** What happens to an annotation; that it changes where left out. */
export interface AnnotationMemoOptions {
  /** It was added. */
  readonly newAnnotation?: true;
  /** It is about to be removed. */
  readonly deleting?: true;
}

/** The history behind the viewer's Undo and Redo. */
export interface AnnotationHistory {
  /** Remembers an annotation as it is, so that Undo can take back what happens to it. */
  createAnnotationMemo(
    element: HTMLElement,
    annotation: Annotation,
    options?: AnnotationMemoOptions,
  ): unknown;
  /** What is remembered from here to the end of the group is undone together. */
  startGroupRecording(): void;
  endGroupRecording(): void;
}

export interface CornerstoneTools {
  readonly RectangleROITool: AnnotationToolClass;
  readonly AnnotationTool: AnnotationHistory;
  addTool(tool: AnnotationToolClass): void;
  readonly annotation: {
    readonly state: {
      getAllAnnotations(): Annotation[];
      addAnnotation(annotation: Annotation): void;
      removeAnnotation(id: string): void;
    };
    readonly config: {
      readonly style: {
        getDefaultToolStyles(): Record<string, unknown>;
        setDefaultToolStyles(styles: Record<string, unknown>): void;
      };
    };
  };
  readonly Enums: { readonly Events: Record<string, string> };
  readonly utilities: { triggerAnnotationRenderForViewportIds(ids: string[]): void };
}

export interface DicomLoaderService {
  findDicomDataPromise(
    dataset: Record<string, unknown>,
    studies: unknown[],
    headers: Record<string, string> | undefined,
  ): Promise<ArrayBuffer | Uint8Array>;
}

/** What `getUtilityModule` of @ohif/extension-cornerstone gives under the name `common`. */
export interface CornerstoneExports {
  getCornerstoneLibraries(): { cornerstone: Cornerstone; cornerstoneTools: CornerstoneTools };
  readonly dicomLoaderService: DicomLoaderService;
}

/** The part of dicomweb-client that a DICOMweb data source exposes. */
export interface DicomWebClient {
  headers: Record<string, string>;
  storeInstances(options: { datasets: ArrayBuffer[]; request?: XMLHttpRequest }): Promise<unknown>;
}

/** Where a data source reads from; nowhere where it knows files only. */
export interface DataSourceAddresses {
  readonly wadoRoot?: string;
  /** Of whole objects, asked for by query (WADO-URI). */
  readonly wadoUriRoot?: string;
}

export interface DataSource {
  readonly retrieve: { getWadoDicomWebClient?(): DicomWebClient };
  /** Where the viewer's own reports and segmentations go. */
  readonly store?: { dicom(dataset: unknown, ...more: unknown[]): unknown };
  getConfig?(): (DataSourceAddresses & { readonly supportsStow?: boolean }) | undefined;
  getImageIdsForDisplaySet(displaySet: DisplaySet): string[];
}

export interface ExtensionManager {
  /** All that the site has configured, by name. */
  readonly dataSourceDefs?: Readonly<Record<string, { readonly configuration?: DataSourceAddresses }>>;
  getModuleEntry(id: string): unknown;
  getActiveDataSource(): DataSource[] | undefined;
  getActiveDataSourceDefinition(): {
    readonly sourceName: string;
    readonly configuration?: { readonly friendlyName?: string };
  };
}

export interface CommandsManager {
  run(command: string | { commandName: string; commandOptions?: object }, options?: object): unknown;
}

/** What OHIF hands to an extension's functions. */
export interface ExtensionParameters {
  readonly servicesManager: ServicesManager;
  readonly commandsManager: CommandsManager;
  readonly extensionManager: ExtensionManager;
  readonly appConfig?: Record<string, unknown>;
}
