import { useEffect, useId, useRef } from 'react';
import type { PanelController } from '../controller';
import { scrambles } from '../protect/draft';
import type { PanelState } from '../state';
import { texts } from '../texts/texts';
import { Choices, Link, Problem } from './common';

interface Props {
  readonly state: PanelState;
  readonly controller: PanelController;
}

/** What most people leave as the site has set it. */
export function OptionsPart({ state, controller }: Props) {
  const { draft, preview } = state;
  const details = useRef<HTMLDetailsElement>(null);
  const message = [state.message, preview?.refusal].find((candidate) => candidate?.place === 'options');
  useEffect(() => {
    // Opened for what is wrong; never closed under the user's hand.
    if (message !== undefined && details.current) details.current.open = true;
  }, [message]);
  const carrier = (draft.carrier === 'automatic' && preview?.plan?.carrier) || draft.carrier;
  const scrambled = scrambles(draft);
  const chosen = [
    ...(draft.hideOnly ? [] : [texts.carriers[carrier], texts.qrContents[draft.qr]]),
    scrambled && texts.scrambled,
    draft.compress && !scrambled && texts.compressed,
  ];
  return (
    <details className="kap-part kap-options" ref={details}>
      <summary>
        <span className="kap-label">{texts.options}</span>
        <span className="kap-muted kap-small kap-chosenOptions">{chosen.filter(Boolean).join(' · ')}</span>
      </summary>
      <div className="kap-stack">
        {!draft.hideOnly && <AreaOptions state={state} controller={controller} />}
        <CompressOption state={state} controller={controller} />
        {!draft.hideOnly && (
          <Link onClick={() => controller.protect.edit({ hideOnly: true })}>{texts.hideOnly}</Link>
        )}
        <Problem message={message} place="options" />
      </div>
    </details>
  );
}

/** What is chosen of key areas and their QR codes. */
function AreaOptions({ state, controller }: Props) {
  const { draft, preview } = state;
  return (
    <>
      <Choices
        label={texts.carrier}
        choices={[
          ['automatic', texts.carriers.automatic],
          ['vault', texts.carriers.vault],
          ['surroundings', texts.carriers.surroundings],
        ]}
        chosen={draft.carrier}
        onChoose={(carrier) => controller.protect.edit({ carrier })}
      />
      <p className="kap-muted kap-small">{describeCarrier(state)}</p>
      <Choices
        label={texts.qr}
        choices={[
          ['sealed', texts.qrContents.sealed],
          ['notice', texts.qrContents.notice],
          ['open', texts.qrContents.open],
        ]}
        chosen={draft.qr}
        onChoose={(qr) => controller.protect.edit({ qr })}
      />
      <p className={draft.qr === 'open' ? 'kap-small' : 'kap-muted kap-small'}>{texts.qrHints[draft.qr]}</p>
      {draft.qr === 'sealed' && preview?.tight && (
        <>
          <Choices
            label={texts.fit}
            choices={[
              ['report', texts.fits.report],
              ['area', texts.fits.area],
            ]}
            chosen={draft.fit}
            onChoose={(fit) => controller.protect.edit({ fit })}
          />
          <p className="kap-muted kap-small">{texts.fitHints[draft.fit]}</p>
        </>
      )}
      <label className="kap-check">
        <input
          type="checkbox"
          checked={draft.scramble}
          onChange={(event) => controller.protect.edit({ scramble: event.target.checked })}
        />
        <span>{texts.scramble}</span>
      </label>
    </>
  );
}

function CompressOption({ state: { draft }, controller }: Props) {
  const scrambled = scrambles(draft);
  const hint = useId();
  return (
    <>
      <label className="kap-check">
        <input
          type="checkbox"
          data-kap-focus="options"
          aria-describedby={hint}
          disabled={scrambled}
          checked={draft.compress && !scrambled}
          onChange={(event) => controller.protect.edit({ compress: event.target.checked })}
        />
        <span>{texts.compress}</span>
      </label>
      <p className="kap-muted kap-small" id={hint}>
        {scrambled ? texts.compressScrambled : texts.compressHint}
      </p>
    </>
  );
}

/** Where the key area is carried, and which place it was where that was left to the plan. */
function describeCarrier({ draft, preview }: PanelState): string {
  if (draft.carrier !== 'automatic')
    return (draft.scramble ? texts.scrambledCarrierHints : texts.carrierHints)[draft.carrier];
  const hint = texts.carrierHints.automatic;
  if (preview?.plan === undefined) return hint;
  return `${hint} ${texts.carriedHere[preview.plan.carrier]}`;
}
