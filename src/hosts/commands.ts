import type { PanelController } from '../panel/controller';
import { messageOf } from '../panel/failures';
import type { Scope } from '../panel/protect/draft';
import { type Place, takesNoKeyAreas, viewOf } from '../panel/state';
import { texts } from '../panel/texts/texts';
import { currentController } from './session';

/** What the commands about a series take. */
export interface SeriesOptions {
  /** The series, which is displayed first; the one on display where left out. */
  readonly displaySetInstanceUID?: string;
}

export interface ProtectOptions extends SeriesOptions {
  /** What the panel is to offer: `image`, `range` or `series`; as it was where left out. */
  readonly scope?: Scope;
  /** First image of a range, from 1; those around what is drawn where left out. */
  readonly from?: number;
  /** Last image of a range. */
  readonly to?: number;
}

/** What the commands about an annotation take: OHIF v3's menus give it. */
export interface AnnotationOptions {
  /** The annotation's identifier in Cornerstone. */
  readonly uid?: string;
}

/** How long a series may take to be displayed before a command gives up on it, in milliseconds. */
const PATIENCE = 30_000;

/** What the commands ask of a viewer. */
export interface CommandHost {
  /** Opens the panel, and moves the focus to a part of it. */
  showPanel(place?: Place): void;
  /** Says something that needs no answer. */
  tell(message: string): void;
  /** True where the viewer lists a series with images under this id. */
  hasImages(displaySetInstanceUID: string): boolean;
}

/**
 * The extension's commands, for its buttons, hotkeys and menus, and for other extensions. They prepare
 * and show; what is irreversible or leaves the viewer is always confirmed in the panel.
 * - `drawKeyArea`: the key area tool becomes the active one, the panel opens;
 * - `protectKeyArea` ({@link ProtectOptions}): the panel opens where something is missing, or at its
 *   Protect button;
 * - `restoreKeyArea` ({@link SeriesOptions}): the panel turns to restoring the series;
 * - `exportKeyArea` ({@link SeriesOptions}): the panel opens where the series is sent on;
 * - `protectRectangle` ({@link AnnotationOptions}): a measured rectangle becomes a key area, and its
 *   measurement goes; where none is named, the only one on the image. Where a key area would be of no use, that is
 *   said, and the measurement stays;
 * - `removeKeyArea` ({@link AnnotationOptions}): a key area is removed.
 */
export function createCommands({ showPanel, tell, hasImages }: CommandHost) {
  /** Runs with the open study's panel, after the series that is asked for came on display. */
  const withSeries =
    <T extends SeriesOptions>(action: (controller: PanelController, options: Partial<T>) => void) =>
    async (options: Partial<T> = {}): Promise<void> => {
      const controller = currentController.get();
      if (controller === undefined) return;
      const { displaySetInstanceUID: id } = options;
      if (id !== undefined) {
        if (!hasImages(id)) return tell(texts.noImages);
        try {
          if (!isDisplayed(controller, id)) await controller.port.showSeries(id, 1);
        } catch (error) {
          return tell(messageOf(error).text);
        }
        if (!(await untilDisplayed(controller, id))) return;
      }
      closePhoto(controller);
      action(controller, options);
    };

  /** The same with a series that takes key areas; of one that does not, it is said. */
  const withDrawable = <T extends SeriesOptions>(
    action: (controller: PanelController, options: Partial<T>) => void,
  ) =>
    withSeries<T>((controller, options) => {
      if (isDrawable(controller)) return action(controller, options);
      showPanel();
      tell(texts.noKeyAreas);
    });

  return {
    drawKeyArea: withDrawable((controller) => {
      showPanel();
      if (controller.state.get().viewer.status !== 'unsuitable') controller.protect.draw();
    }),
    protectKeyArea: withDrawable<ProtectOptions>((controller, { scope, from, to }) => {
      if (scope !== undefined) {
        const range = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
        controller.protect.chooseScope(scope, range);
      }
      const undrawn = viewOf(controller.state.get()).name === 'draw';
      showPanel(undrawn ? 'area' : 'action');
      if (undrawn) controller.protect.draw();
    }),
    restoreKeyArea: withSeries((controller) => {
      showPanel('key');
      void controller.restore.ask();
    }),
    exportKeyArea: withSeries((controller) => {
      const exportable = controller.export.turnTo();
      showPanel('export');
      if (!exportable) tell(texts.nothingToExport);
    }),
    protectRectangle: ({ uid }: AnnotationOptions = {}): void => {
      const controller = currentController.get();
      if (controller === undefined) return;
      closePhoto(controller);
      // The measurement would go, and what came of it would hide nothing.
      if (!isDrawable(controller)) {
        tell(texts.noKeyAreas);
        return;
      }
      const rectangles = controller.port.measuredRectangles();
      const [only] = rectangles.length === 1 ? rectangles : [];
      const id = uid ?? only;
      const adopted = id !== undefined && controller.protect.adoptRectangle(id);
      if (adopted) showPanel('area');
      else tell(texts.noRectangle);
    },
    removeKeyArea: ({ uid }: AnnotationOptions = {}): void => {
      if (uid !== undefined) currentController.get()?.protect.removeKeyArea(uid);
    },
  };
}

/** What a command turns to is hidden while the panel reads a QR code from a photo. */
function closePhoto({ state, files }: PanelController): void {
  const { photo, task } = state.get();
  if (photo !== undefined && task === undefined) files.showPhoto(false);
}

/** False where key areas on the series on display are of no use, whatever covers the panel meanwhile. */
function isDrawable({ port, state }: PanelController): boolean {
  // As it is now: what the panel shows follows a moment later.
  return !takesNoKeyAreas({ ...state.get(), viewer: port.state(), task: undefined, photo: undefined });
}

function isDisplayed(controller: PanelController, id: string): boolean {
  const { viewer } = controller.state.get();
  return viewer.status === 'ready' && viewer.series.id === id;
}

/** False where the viewer shows something else in the end. */
function untilDisplayed(controller: PanelController, id: string): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (there: boolean) => {
      clearTimeout(timer);
      stop();
      resolve(there);
    };
    const stop = controller.state.subscribe(() => isDisplayed(controller, id) && finish(true));
    const timer = setTimeout(() => finish(false), PATIENCE);
    if (isDisplayed(controller, id)) finish(true);
  });
}
