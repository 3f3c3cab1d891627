import { useId } from 'react';
import { CopyLink, Link, Part, PassphraseField, Problem, RevealButton } from './common';
import type { PanelController } from './controller';
import { plannedFiles } from './input';
import { KeyAreaPart } from './KeyAreaPart';
import { isShort } from './passphrase';
import { imagesHidden, imagesIn } from './plan';
import type { PanelState, Scope } from './state';
import { texts } from './texts';

interface Props {
  readonly state: PanelState;
  readonly controller: PanelController;
}

/** Everything between a drawn key area and the Protect button. */
export function ProtectParts(props: Props) {
  return (
    <>
      <KeyAreaPart {...props} />
      <ReportPart {...props} />
      <KeyPart {...props} />
      <ScopePart {...props} />
      <ProtectPart {...props} />
    </>
  );
}

function ReportPart({ state, controller }: Props) {
  const { draft, message } = state;
  const hint = useId();
  const problem = useId();
  return (
    <Part heading={texts.report}>
      <textarea
        aria-label={texts.report}
        aria-describedby={message?.place === 'report' ? `${problem} ${hint}` : hint}
        aria-invalid={message?.place === 'report'}
        data-kap-focus="report"
        placeholder={texts.reportPlaceholder}
        value={draft.report}
        onChange={(event) => controller.protect.edit({ report: event.target.value })}
      />
      <p className="kap-muted kap-small" id={hint}>
        {draft.report === ''
          ? texts.reportHint
          : `${texts.characters(Array.from(draft.report).length)} · ${texts.sealed}`}
      </p>
      <Problem message={message} place="report" id={problem} />
    </Part>
  );
}

function KeyPart({ state, controller }: Props) {
  const { draft, revealed, message } = state;
  const problemId = useId();
  const problem = message?.place === 'key' ? problemId : undefined;
  const differs = draft.repeated !== '' && !draft.passphrase.startsWith(draft.repeated);
  return (
    <Part
      heading={texts.passphrase}
      actions={
        <>
          {draft.passphrase !== '' && <CopyLink text={draft.passphrase} />}
          <Link onClick={() => controller.protect.generate()}>{texts.generate}</Link>
        </>
      }
    >
      <PassphraseField
        label={texts.passphrase}
        value={draft.passphrase}
        revealed={revealed}
        problem={problem}
        complete="new-password"
        focus
        onChange={(passphrase) => controller.protect.edit({ passphrase })}
      >
        <RevealButton revealed={revealed} onReveal={(shown) => controller.reveal(shown)} />
      </PassphraseField>
      {!revealed && draft.passphrase !== '' && (
        <PassphraseField
          label={texts.repeat}
          value={draft.repeated}
          revealed={false}
          complete="new-password"
          onChange={(repeated) => controller.protect.edit({ repeated })}
        />
      )}
      <Problem message={message} place="key" id={problemId} />
      {!revealed && differs && <p className="kap-small">{texts.different}</p>}
      {draft.passphrase !== '' && isShort(draft.passphrase) && <p className="kap-small">{texts.short}</p>}
      <p className="kap-muted kap-small">{texts.loss}</p>
    </Part>
  );
}

function ScopePart({ state, controller }: Props) {
  const { viewer, draft, message } = state;
  const name = useId();
  if (viewer.status !== 'ready' || viewer.series.images === 1) return null;
  const { images } = viewer.series;
  const positions = [...new Set(viewer.keyAreas.map(({ image }) => image.position))].sort((a, b) => a - b);
  const around = {
    from: Math.max(1, positions[0] - 1),
    to: Math.min(images, positions[positions.length - 1] + 1),
  };
  const choose = (scope: Scope) =>
    controller.protect.edit(scope === 'range' ? { scope, ...around } : { scope });
  const choices: [Scope, string][] = [
    ['image', texts.scopeImage(positions)],
    ['range', texts.scopeRange],
    ['series', texts.scopeSeries],
  ];
  return (
    <Part>
      <fieldset>
        <legend className="kap-label kap-partHead">{texts.applyTo}</legend>
        <div className="kap-choices">
          {choices.map(([scope, label]) => (
            <label key={scope} className="kap-choice">
              <input
                type="radio"
                name={name}
                checked={draft.scope === scope}
                onChange={() => choose(scope)}
              />
              <span>{label}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {draft.scope === 'image' && (
        <p className="kap-muted kap-small">
          {texts.neighbours}{' '}
          <Link onClick={() => choose('range')}>{texts.neighboursOffer(around.from, around.to)}</Link>
        </p>
      )}
      {draft.scope === 'range' && <RangeFields state={state} controller={controller} images={images} />}
      {draft.scope !== 'image' && (
        <p className="kap-muted kap-small">{texts.sameAreas(viewer.keyAreas.length)}</p>
      )}
      <Problem message={message} place="scope" />
    </Part>
  );
}

function RangeFields({ state, controller, images }: Props & { readonly images: number }) {
  const { from, to } = state.draft;
  const field = (value: number, label: string, change: (value: number) => void, focus: boolean) => (
    <input
      type="number"
      aria-label={label}
      min={1}
      max={images}
      value={Number.isNaN(value) ? '' : value}
      data-kap-focus={focus ? 'scope' : undefined}
      onChange={(event) => change(event.target.valueAsNumber)}
    />
  );
  return (
    <div className="kap-range">
      <span className="kap-muted">{texts.from}</span>
      {field(from, texts.from, (value) => controller.protect.edit({ from: value }), true)}
      <span className="kap-muted">{texts.to}</span>
      {field(to, texts.to, (value) => controller.protect.edit({ to: value }), false)}
    </div>
  );
}

function ProtectPart({ state, controller }: Props) {
  if (state.viewer.status !== 'ready') return null;
  const { series } = state.viewer;
  const files = plannedFiles(state);
  const total = imagesIn(files);
  const name = texts.seriesName(series.description, series.modality);
  return (
    <Part>
      {total > 0 && (
        <p className="kap-muted kap-small">
          {texts.summary(imagesHidden(files), total, name, series.patient)}
        </p>
      )}
      <button
        type="button"
        className="kap-button kap-primary kap-wide"
        data-kap-focus="action"
        data-cy="kap-protect"
        onClick={() => void controller.protect.protect()}
      >
        {texts.protect(total)}
      </button>
      <Problem message={state.message} place="action" />
    </Part>
  );
}
