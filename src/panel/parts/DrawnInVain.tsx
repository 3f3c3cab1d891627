import type { PanelController } from '../controller';
import { type PanelState, takesNoKeyAreas } from '../state';
import { texts } from '../texts/texts';
import { Link, Part } from './common';

/** A key area on a series that is protected already, or was restored: nobody is to think that it hides anything. */
export function DrawnInVain({
  state,
  controller,
}: {
  readonly state: PanelState;
  readonly controller: PanelController;
}) {
  const { viewer } = state;
  if (viewer.status !== 'ready' || viewer.keyAreas.length === 0 || !takesNoKeyAreas(state)) return null;
  return (
    <Part>
      <div className="kap-message" role="alert">
        <p className="kap-title">{texts.drawnInVainTitle}</p>
        <p className="kap-muted">{texts.drawnInVain}</p>
        <p className="kap-links">
          <Link onClick={() => controller.protect.clearKeyAreas()}>{texts.removeDrawn}</Link>
        </p>
      </div>
    </Part>
  );
}
