import { Part } from './common';
import type { PanelController } from './controller';
import type { Task } from './state';
import { texts } from './texts';

const WORDS = {
  protect: { key: texts.derivingKey, images: texts.protecting, hint: texts.protectingHint },
  restore: { key: texts.openingKey, images: texts.restoring, hint: texts.restoringHint },
  store: { key: texts.storing(0, 1), images: texts.storing, hint: texts.storingHint },
  download: { key: texts.downloading(0, 1), images: texts.downloading, hint: texts.downloadingHint },
  open: { key: texts.opening(0, 1), images: texts.opening, hint: texts.openingHint },
  examine: { key: texts.examining, images: () => texts.examining, hint: texts.examiningHint },
  scan: { key: texts.scanning, images: () => texts.scanning, hint: texts.scanningHint },
  read: { key: texts.reading, images: () => texts.reading, hint: texts.readingHint },
};

/** Tasks that begin with their first file; others have a key to derive before. */
const COUNTED_FROM_THE_START: readonly Task['kind'][] = ['store', 'download', 'open'];

/** How far a task is, and the way out. */
export function WorkingPart({
  task,
  controller,
}: {
  readonly task: Task;
  readonly controller: PanelController;
}) {
  const { kind, done, total, secondsLeft, cancelling } = task;
  const words = WORDS[kind];
  const waiting = done === 0 && !COUNTED_FROM_THE_START.includes(kind);
  return (
    <Part>
      <div className="kap-partHead">
        <p data-kap-focus="result" tabIndex={-1}>
          {waiting ? words.key : words.images(done, total)}
        </p>
        {secondsLeft !== undefined && <span className="kap-muted">{texts.secondsLeft(secondsLeft)}</span>}
      </div>
      <div
        className={waiting ? 'kap-bar kap-busy' : 'kap-bar'}
        role="progressbar"
        aria-label={waiting ? words.key : words.hint}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={waiting ? undefined : done}
      >
        <div style={waiting ? undefined : { width: `${(100 * done) / total}%` }} />
      </div>
      <p className="kap-muted">
        {waiting && (kind === 'protect' || kind === 'restore') ? texts.derivingKeyHint : words.hint}
      </p>
      <button
        type="button"
        className="kap-button kap-wide"
        disabled={cancelling}
        onClick={() => controller.cancel()}
      >
        {cancelling ? texts.cancelling : texts.cancel}
      </button>
    </Part>
  );
}
