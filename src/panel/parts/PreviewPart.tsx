import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Rectangle } from '../../engine/pixels/frame';
import type { Picture, ViewerState } from '../../viewer/port';
import type { FilePlan } from '../../viewer/service';
import type { PanelController } from '../controller';
import { scrambles } from '../protect/draft';
import type { Preview } from '../protect/planner';
import type { PanelState } from '../state';
import { texts } from '../texts/texts';
import { Link, Part, Problem } from './common';
import { PictureCanvas } from './PictureCanvas';
import { cropAround, paintPlan } from './previewPicture';

const CROP_SIDE = 288;
const WHOLE_SIDE = 1400;

interface Props {
  readonly state: PanelState;
  readonly controller: PanelController;
}

type Ready = ViewerState & { readonly status: 'ready' };

/** What the protected picture will look like, and what else would change. */
export function PreviewPart({ state, controller }: Props) {
  const { viewer, preview, draft } = state;
  const [whole, setWhole] = useState(false);
  if (viewer.status !== 'ready' || preview === undefined) return null;
  const { plan, pending, refusal } = preview;
  const scrambled = scrambles(draft);
  const elsewhere = refusal?.place === 'report' || refusal?.place === 'options';
  return (
    <Part>
      <div className="kap-area" aria-busy={pending}>
        <PreviewCrop preview={preview} viewer={viewer} controller={controller} scrambled={scrambled} />
        <div className="kap-areaText">
          <h3>{texts.preview}</h3>
          {plan !== undefined && <p className="kap-muted">{describePlan(plan, scrambled)}</p>}
          {plan === undefined && (
            <p className="kap-muted">{refusal === undefined ? texts.planning : texts.noPreview}</p>
          )}
          {plan !== undefined && <Link onClick={() => setWhole(true)}>{texts.showOnImage}</Link>}
        </div>
      </div>
      {!elsewhere && <Problem message={refusal} place={refusal?.place ?? 'action'} />}
      {whole && plan !== undefined && (
        <WholePreview
          preview={preview}
          plan={plan}
          viewer={viewer}
          controller={controller}
          scrambled={scrambled}
          onClose={() => setWhole(false)}
        />
      )}
    </Part>
  );
}

/** Figures as they can be relied on before anything is done. */
function describePlan(plan: FilePlan, scrambled: boolean): string {
  if (scrambled) return texts.plans.scrambled;
  if (plan.samplesChangedOutside === 0) return texts.plans.unchanged;
  const { samplesChangedOutside, psnrOutside, ssimOutside, places } = plan;
  return texts.plans.changed(samplesChangedOutside, psnrOutside, ssimOutside, places.length > 0);
}

/** The picture with the plan drawn over it; undefined where the image is not in the viewer's memory. */
function usePlannedPicture(
  { image, plan }: Preview,
  viewer: Ready,
  { port }: PanelController,
  region: Rectangle | undefined,
  side: number,
  scrambled: boolean,
): Picture | undefined {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the viewer's state changes with the window, and then so does the picture.
  return useMemo(() => {
    const picture = region && port.picture(image, region, side);
    if (picture !== undefined && plan !== undefined) paintPlan(picture, region as Rectangle, plan, scrambled);
    return picture;
  }, [image, plan, viewer, port, side, scrambled]);
}

interface PictureProps {
  readonly preview: Preview;
  readonly viewer: Ready;
  readonly controller: PanelController;
  readonly scrambled: boolean;
}

function PreviewCrop({ preview, viewer, controller, scrambled }: PictureProps) {
  const region = preview.plan && cropAround(preview.plan);
  const picture = usePlannedPicture(preview, viewer, controller, region, CROP_SIDE, scrambled);
  return (
    <div className="kap-picture kap-largePicture">
      <PictureCanvas
        picture={picture}
        orientation={controller.port.orientation()}
        label={texts.previewLabel}
      />
    </div>
  );
}

/** The whole image over the viewer; Escape or a click beside it closes it. */
function WholePreview({
  preview,
  plan,
  viewer,
  controller,
  scrambled,
  onClose,
}: PictureProps & { readonly plan: FilePlan; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const region = { x: 0, y: 0, width: plan.width, height: plan.height };
  const picture = usePlannedPicture(preview, viewer, controller, region, WHOLE_SIDE, scrambled);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="kap-dialog"
      aria-labelledby={title}
      onClose={onClose}
      onPointerDown={(event) => event.target === dialog.current && dialog.current?.close()}
      tabIndex={-1}
      onKeyDown={(event) => {
        // The viewer's hotkeys stay out of it, and the focus in: there is one button.
        event.stopPropagation();
        if (event.key === 'Tab') event.preventDefault();
      }}
    >
      <div className="kap-dialogBody">
        <header className="kap-partHead">
          <h2 id={title}>{texts.previewTitle(preview.image.position)}</h2>
          <button type="button" className="kap-button" onClick={() => dialog.current?.close()}>
            {texts.close}
          </button>
        </header>
        <div className="kap-wholePicture">
          <PictureCanvas
            picture={picture}
            orientation={controller.port.orientation()}
            label={texts.previewLabel}
          />
        </div>
        <p className="kap-muted">{describePlan(plan, scrambled)}</p>
      </div>
    </dialog>
  );
}
