import type { PanelController } from '../controller';
import type { Task } from '../state';
import { texts } from '../texts/texts';
import { Part } from './common';

interface Words {
  /** Of the time before the work on the first image. */
  readonly key?: string;
  readonly images: (done: number, total: number) => string;
  readonly hint: string;
}

const WORDS: Record<Task['kind'], Words> = {
  protect: { key: texts.derivingKey, images: texts.protecting, hint: texts.protectingHint },
  restore: { key: texts.openingKey, images: texts.restoring, hint: texts.restoringHint },
  store: { images: texts.storing, hint: texts.storingHint },
  download: { images: texts.downloading, hint: texts.downloadingHint },
  open: { images: texts.opening, hint: texts.openingHint },
  examine: { key: texts.examining, images: () => texts.examining, hint: texts.examiningHint },
  scan: { key: texts.scanning, images: () => texts.scanning, hint: texts.scanningHint },
  read: { key: texts.reading, images: () => texts.reading, hint: texts.readingHint },
};

/** What is told when a task begins; the same for as long as it runs. */
export const beginningOf = ({ kind, total }: Task): string => WORDS[kind].key ?? WORDS[kind].images(0, total);

/** How far a task is, and the way out. */
export function WorkingPart({
  task,
  controller,
}: {
  readonly task: Task;
  readonly controller: PanelController;
}) {
  const { kind, done = 0, total, secondsLeft, cancelling } = task;
  const words = WORDS[kind];
  const waiting = task.done === undefined && words.key !== undefined;
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
