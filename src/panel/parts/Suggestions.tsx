import { useMemo } from 'react';
import type { Suggestion } from '../../viewer/service';
import type { PanelController } from '../controller';
import type { PanelState } from '../state';
import { texts } from '../texts/texts';
import { Link } from './common';
import { PictureCanvas } from './PictureCanvas';

const PICTURE_SIDE = 96;

interface Props {
  readonly state: PanelState;
  readonly controller: PanelController;
}

/** Proposals for the image on display; those for another one are of no use here. */
function suggestionsOf({ viewer, suggestions }: PanelState) {
  return viewer.status === 'ready' && suggestions?.imageId === viewer.image.id ? suggestions : undefined;
}

/** Asks for proposals. */
export function SuggestLink({ state, controller }: Props) {
  const suggestions = suggestionsOf(state);
  const looking = suggestions !== undefined && suggestions.found === undefined;
  return (
    <Link onClick={() => void controller.protect.suggest()}>
      <span aria-live="polite">{looking ? texts.suggesting : texts.suggest}</span>
    </Link>
  );
}

/** Proposals as pictures; a click draws one on the image. */
export function SuggestionList({ state, controller }: Props) {
  const found = suggestionsOf(state)?.found;
  if (found === undefined) return null;
  return (
    <div className="kap-stack kap-suggestionList">
      <div className="kap-partHead">
        <p className="kap-muted kap-small">{texts.suggestionsHint}</p>
        <Link onClick={() => controller.protect.dismissSuggestions()}>{texts.dismiss}</Link>
      </div>
      <ul className="kap-suggestions">
        {found.map((suggestion) => (
          <li key={JSON.stringify(suggestion.rectangle)}>
            <SuggestionButton suggestion={suggestion} state={state} controller={controller} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function SuggestionButton({ suggestion, state, controller }: Props & { readonly suggestion: Suggestion }) {
  const { viewer } = state;
  const { port } = controller;
  const { rectangle, kind } = suggestion;
  const image = viewer.status === 'ready' ? viewer.image : undefined;
  const picture = useMemo(
    () => image && port.picture(image, rectangle, PICTURE_SIDE),
    [port, image, rectangle],
  );
  if (viewer.status !== 'ready') return null;
  const size = texts.areaSize(rectangle.width, rectangle.height);
  return (
    <button
      type="button"
      className="kap-button kap-suggestion"
      aria-label={texts.takeSuggestion(texts.suggestionKinds[kind], size, rectangle.x, rectangle.y)}
      onClick={() => controller.protect.take(suggestion)}
    >
      <span className="kap-picture kap-smallPicture" aria-hidden="true">
        <PictureCanvas picture={picture} orientation={port.orientation()} label="" />
      </span>
      <span className="kap-small">
        {texts.suggestionKinds[kind]}
        <br />
        <span className="kap-muted">{size}</span>
      </span>
    </button>
  );
}
