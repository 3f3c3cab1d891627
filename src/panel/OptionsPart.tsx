import { Choices, Link } from './common';
import type { PanelController } from './controller';
import type { PanelState } from './state';
import { texts } from './texts';

/** What most people leave as the site has set it. */
export function OptionsPart({
  state: { draft },
  controller,
}: {
  readonly state: PanelState;
  readonly controller: PanelController;
}) {
  if (draft.hideOnly) return null;
  const chosen = [
    texts.carriers[draft.carrier],
    texts.qrContents[draft.qr],
    draft.scramble && texts.scrambled,
  ];
  return (
    <details className="kap-part kap-options">
      <summary>
        <span className="kap-label">{texts.options}</span>
        <span className="kap-muted kap-small kap-chosenOptions">{chosen.filter(Boolean).join(' · ')}</span>
      </summary>
      <div className="kap-stack">
        <Choices
          label={texts.carrier}
          choices={[
            ['vault', texts.carriers.vault],
            ['surroundings', texts.carriers.surroundings],
          ]}
          chosen={draft.carrier}
          onChoose={(carrier) => controller.protect.edit({ carrier })}
        />
        <p className="kap-muted kap-small">{texts.carrierHints[draft.carrier]}</p>
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
        <Link onClick={() => controller.protect.edit({ hideOnly: true })}>{texts.hideOnly}</Link>
        <label className="kap-check">
          <input
            type="checkbox"
            checked={draft.scramble}
            onChange={(event) => controller.protect.edit({ scramble: event.target.checked })}
          />
          <span>{texts.scramble}</span>
        </label>
      </div>
    </details>
  );
}
