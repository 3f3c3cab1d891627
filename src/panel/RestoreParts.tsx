import { type FormEvent, useId } from 'react';
import { CopyLink, Link, LockIcon, Part, PassphraseField, Problem, RevealButton } from './common';
import type { PanelController } from './controller';
import type { PanelState, RestoredOutcome } from './state';
import { images, texts } from './texts';

interface Props {
  readonly state: PanelState;
  readonly controller: PanelController;
}

/** A protected series is on display: what it says in public, and the way to its key area. */
export function RestoreParts({ state, controller }: Props) {
  const { viewer, askedToRestore, passphrase, revealed, message } = state;
  const problemId = useId();
  if (viewer.status !== 'ready') return null;
  const { series } = viewer;
  const notice = series.notice || askedToRestore?.notice;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void controller.restore.restore();
  };
  return (
    <>
      <Part>
        <div className="kap-locked">
          <LockIcon />
          <div>
            <p className="kap-title">{texts.lockedTitle}</p>
            <p className="kap-muted">{notice ? texts.quoted(notice) : texts.lockedDefault}</p>
            <p className="kap-muted">{`${images(series.images)} · ${texts.withPassphrase}`}</p>
          </div>
        </div>
      </Part>
      <Part heading={texts.passphrase}>
        <form className="kap-stack" onSubmit={submit}>
          <PassphraseField
            label={texts.passphrase}
            value={passphrase}
            revealed={revealed}
            problem={message?.place === 'key' ? problemId : undefined}
            complete="off"
            focus
            onChange={(value) => controller.restore.editPassphrase(value)}
          >
            <RevealButton revealed={revealed} onReveal={(shown) => controller.reveal(shown)} />
          </PassphraseField>
          <Problem message={message} place="key" id={problemId} />
          <button
            type="submit"
            className="kap-button kap-primary kap-wide"
            data-kap-focus="action"
            data-cy="kap-restore"
          >
            {texts.restore}
          </button>
          <Problem message={message} place="action" />
        </form>
      </Part>
    </>
  );
}

/** The originals are back: the verdict, the report, and what can be done with them. */
export function RestoredParts({ state, controller, outcome }: Props & { readonly outcome: RestoredOutcome }) {
  const { images: number, report, files, identicalFiles, decodedFiles, filesProtected } = outcome;
  return (
    <>
      <Part>
        <div className="kap-message kap-good">
          <p className="kap-title" data-kap-focus="result" tabIndex={-1}>
            {texts.restoredTitle}
          </p>
          <p className="kap-muted">{texts.restoredImages(number)}</p>
          <p className="kap-muted">{texts.restoredFiles(identicalFiles, decodedFiles, files)}</p>
        </div>
        {files < filesProtected && (
          <div className="kap-message">
            <p className="kap-muted">{texts.missing(files, filesProtected)}</p>
          </div>
        )}
      </Part>
      <Part heading={texts.report} actions={report === '' ? undefined : <CopyLink text={report} />}>
        {report === '' ? (
          <p className="kap-muted">{texts.noReport}</p>
        ) : (
          <textarea
            readOnly
            rows={reportRows(report)}
            aria-label={texts.report}
            value={report}
            data-cy="kap-report"
          />
        )}
      </Part>
      <Part>
        <div className="kap-row">
          <button
            type="button"
            className="kap-button"
            onClick={() => void controller.restore.showSideBySide(outcome)}
          >
            {texts.sideBySide}
          </button>
          <button
            type="button"
            className="kap-button"
            data-kap-focus="export"
            data-cy="kap-download-restored"
            onClick={() => void controller.export.download(outcome, 'restored')}
          >
            {texts.download}
          </button>
        </div>
        <Problem message={state.message} place="action" />
        <p className="kap-muted kap-small">
          {texts.removedOnClose}{' '}
          <Link onClick={() => void controller.restore.removeRestored(outcome)}>{texts.removeRestored}</Link>
        </p>
      </Part>
    </>
  );
}

/** Tall enough for most reports; longer ones scroll. */
const reportRows = (report: string): number =>
  Math.min(14, 3 + report.split('\n').length + report.length / 48);
