import type { Attributes } from '../hosts/attributes';

/**
 * The parts of OHIF v2, cornerstone-core, cornerstone-tools and cornerstone-wado-image-loader that this
 * extension calls, no more: they ship no types. Checked against @ohif/viewer 4.12.51.
 */

/** What a study's metadata holds of an object. */
export interface InstanceData {
  readonly metadata: Attributes;
  /** Undefined where the image id is made from the server's addresses. */
  readonly url?: string;
  /** Of the DICOMweb server that the object came from. */
  readonly wadoRoot?: string;
}

export interface InstanceMetadata {
  getData(): InstanceData;
  /** The image id of an object, or of the first frame that was asked for. */
  getImageId(): string;
}

export interface DisplaySet {
  readonly displaySetInstanceUID: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SeriesDescription?: string;
  readonly Modality?: string;
  readonly plugin?: string;
  /** None for display sets without images, such as reports. */
  readonly images?: readonly InstanceMetadata[];
  readonly uid: string;
  setAttributes(attributes: Record<string, unknown>): void;
}

export interface Study {
  readonly StudyInstanceUID: string;
  displaySets?: DisplaySet[];
}

/** The viewer's row of buttons, which a custom button is given. */
export interface ToolbarRow {
  readonly props: {
    readonly studies: readonly Study[];
    /** Empty where the side panel is closed. */
    readonly selectedRightSidePanel: string;
    /** Opens a side panel, or closes it where it shows this panel. */
    handleSidePanelChange(side: 'left' | 'right', panelId: string): void;
  };
}

/** What of a display set a viewport shows. */
export interface ViewportData {
  readonly displaySetInstanceUID?: string;
  readonly StudyInstanceUID?: string;
  readonly plugin?: string;
}

export interface DicomWebServer {
  readonly name?: string;
  readonly wadoRoot: string;
  /** Of whole objects, asked for by query (WADO-URI). */
  readonly wadoUriRoot?: string;
  readonly requestOptions?: { readonly auth?: string | ((options: unknown) => string) };
}

export interface Measurement {
  readonly SeriesInstanceUID?: string;
  readonly seriesInstanceUid?: string;
}

export interface AppState {
  readonly viewports: {
    readonly numRows: number;
    readonly numColumns: number;
    readonly activeViewportIndex: number;
    readonly layout: { readonly viewports: readonly { readonly plugin?: string }[] };
    readonly viewportSpecificData: Readonly<Record<number, ViewportData | undefined>>;
  };
  readonly servers?: { readonly servers: readonly DicomWebServer[] };
  readonly oidc?: { readonly user?: { readonly access_token?: string } | null };
  readonly timepointManager?: {
    readonly measurements?: Readonly<Record<string, readonly Measurement[] | undefined>>;
  };
}

/** The viewer's Redux store. */
export interface Store {
  getState(): AppState;
  subscribe(listener: () => void): () => void;
  dispatch(action: { readonly type: string; readonly [name: string]: unknown }): void;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Window {
  readonly windowWidth?: number;
  readonly windowCenter?: number;
}

/** How an image lies in its viewport, and what of its values is seen. */
export interface Viewport {
  /** CSS pixels for a pixel of the image, the shorter of its sides. */
  readonly scale: number;
  /** In pixels of the image. */
  readonly translation: Point;
  /** Degrees, clockwise. */
  readonly rotation: number;
  readonly hflip: boolean;
  readonly vflip: boolean;
  readonly invert: boolean;
  readonly voi: Window;
}

/** Its window is the one that it is displayed with at first. */
export interface CornerstoneImage extends Window {
  readonly imageId: string;
  readonly rows: number;
  readonly columns: number;
  readonly color: boolean;
  readonly slope: number;
  readonly intercept: number;
  getPixelData(): ArrayLike<number> & { fill(value: number): unknown };
}

export interface EnabledElement {
  readonly element: HTMLElement;
  readonly canvas?: HTMLCanvasElement;
  /** What is kept from one drawing to the next. */
  renderingTools: { readonly renderCanvas?: HTMLCanvasElement; readonly renderCanvasData?: ImageData };
  readonly image?: CornerstoneImage;
  readonly viewport?: Viewport;
}

export type MetadataProvider = (type: string, imageId: string) => unknown;

export interface Cornerstone {
  getEnabledElements(): readonly EnabledElement[];
  /** Changes these parts of how an image is seen, and draws anew. */
  setViewport(element: HTMLElement, viewport: Partial<Viewport>): void;
  /** Draws anew. */
  updateImage(element: HTMLElement): void;
  /** Gives the canvas the element's size, and the picture the scale for it. */
  resize(element: HTMLElement): void;
  /** Where a point of the image is in the element; the first pixel spans (0, 0) to (1, 1). */
  pixelToCanvas(element: HTMLElement, point: Point): Point;
  readonly imageCache: {
    /** Without an image while that is on its way. */
    readonly cachedImages: readonly { readonly imageId: string; readonly image?: CornerstoneImage }[];
    getImageLoadObject(imageId: string): { readonly promise: Promise<CornerstoneImage> } | undefined;
    removeImageLoadObject(imageId: string): void;
  };
  readonly metaData: {
    get(type: string, imageId: string): unknown;
    addProvider(provider: MetadataProvider, priority: number): void;
    removeProvider(provider: MetadataProvider): void;
  };
  readonly events: EventTarget;
}

/** A rectangle as cornerstone-tools keeps it, in image coordinates. */
export interface RectangleData {
  readonly uuid: string;
  readonly visible: boolean;
  readonly active: boolean;
  readonly handles: {
    readonly start: Point;
    readonly end: Point;
    /** How the view was turned when it was drawn, in degrees. */
    readonly initialRotation?: number | undefined;
  };
}

export interface ToolState {
  readonly data: RectangleData[];
}

export interface ToolOfElement {
  readonly name: string;
  readonly mode: string;
  readonly element: HTMLElement;
  readonly options: { readonly mouseButtonMask?: number | readonly number[] };
}

export interface RectangleTool {
  readonly name: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  renderToolData(event: { readonly currentTarget: HTMLElement; readonly detail: RenderDetail }): void;
}

export interface RenderDetail {
  readonly element: HTMLElement;
  readonly canvasContext: CanvasRenderingContext2D;
}

export interface RectangleToolClass {
  new (properties?: object): RectangleTool;
}

export interface CornerstoneTools {
  readonly RectangleRoiTool: RectangleToolClass;
  addTool(tool: RectangleToolClass): void;
  setToolActive(name: string, options: { mouseButtonMask: number }): void;
  setToolPassive(name: string): void;
  getToolState(element: HTMLElement, name: 'stack'): { data: { imageIds: string[] }[] } | undefined;
  getToolState(element: HTMLElement, name: string): ToolState | undefined;
  removeToolState(element: HTMLElement, name: string, data: RectangleData): void;
  readonly globalImageIdSpecificToolStateManager: {
    addImageIdToolState(imageId: string, name: string, data: RectangleData): void;
    saveToolState(): Readonly<Record<string, Readonly<Record<string, ToolState | undefined>> | undefined>>;
  };
  readonly store: { readonly state: { readonly tools: readonly ToolOfElement[] } };
  import(
    module: 'drawing/draw',
  ): (context: CanvasRenderingContext2D, draw: (context: CanvasRenderingContext2D) => void) => void;
  import(module: 'drawing/getNewContext'): (canvas: HTMLCanvasElement) => CanvasRenderingContext2D;
  import(
    module: 'drawing/drawRect',
  ): (
    context: CanvasRenderingContext2D,
    element: HTMLElement,
    start: Point,
    end: Point,
    options: object,
    coordinates: 'pixel',
    initialRotation: number | undefined,
  ) => void;
  import(
    module: 'drawing/drawHandles',
  ): (
    context: CanvasRenderingContext2D,
    detail: RenderDetail,
    handles: RectangleData['handles'],
    options: object,
  ) => void;
  import(module: 'util/scrollToIndex'): (element: HTMLElement, index: number) => void;
}

export interface WadoImageLoader {
  readonly wadouri: {
    loadFileRequest(imageId: string): Promise<ArrayBuffer>;
    readonly dataSetCacheManager: {
      get(url: string): { readonly byteArray: Uint8Array } | undefined;
      unload(url: string): void;
      isLoaded(url: string): boolean;
    };
  };
}

export interface CommandDefinition {
  readonly commandFn: (options: never) => unknown;
  readonly storeContexts: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** What a button of one's own making is given: its definition, and the toolbar. */
export interface CustomButtonProperties<Definition> {
  readonly button: Definition;
  readonly parentContext: ToolbarRow;
}

/** A button of the viewer's toolbar; a group where it has buttons, of our own making where it has a component. */
export interface ToolbarDefinition {
  readonly id: string;
  readonly label?: string;
  readonly icon?: string;
  readonly type?: 'command';
  readonly commandName?: string;
  readonly context?: string;
  readonly buttons?: readonly ToolbarDefinition[];
  /** A component of React's. */
  readonly CustomComponent?: new (
    properties: never,
  ) => unknown;
}

export interface Hotkey {
  readonly commandName: string;
  readonly label: string;
  readonly keys: readonly string[];
}

/** What OHIF hands to an extension's functions. */
export interface ExtensionParameters {
  readonly servicesManager: {
    readonly services: {
      readonly UINotificationService: {
        show(message: { title: string; message: string; type: string; duration?: number }): void;
      };
    };
  };
  readonly appConfig?: { readonly hotkeys?: Hotkey[]; readonly [name: string]: unknown };
}
