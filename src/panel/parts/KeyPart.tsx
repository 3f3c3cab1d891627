import { type FormEvent, useId } from 'react';
import type { PanelController } from '../controller';
import { keysOf, mayLeaveOut } from '../restore/restoring';
import type { PanelState } from '../state';
import { texts } from '../texts/texts';
import { FileButton, Link, Part, PassphraseField, Problem, RevealButton } from './common';

/** What opens it: a passphrase or an identity file, whichever fits, and the button that uses it. */
export function KeyPart({
  state,
  controller,
  seriesId,
  action,
  onSubmit,
}: {
  readonly state: PanelState;
  readonly controller: PanelController;
  /** What its image told decides what is asked for. */
  readonly seriesId: string;
  readonly action: string;
  readonly onSubmit: () => void;
}) {
  const { restoring, revealed, message } = state;
  const problemId = useId();
  const { both, wanted } = keysOf(restoring, seriesId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  const other = wanted === 'identity' ? texts.usePassphrase : texts.useIdentity;
  const turn = () => {
    controller.restore.edit({ preferIdentity: wanted !== 'identity' });
    controller.focus('key');
  };
  const problem = message?.place === 'key' ? problemId : undefined;
  return (
    <Part
      heading={wanted === 'identity' ? texts.identity : texts.passphrase}
      actions={both ? <Link onClick={turn}>{other}</Link> : undefined}
    >
      <form className="kap-stack" onSubmit={submit}>
        {wanted === 'identity' ? (
          <IdentityField
            name={restoring.identity?.name}
            problem={problem}
            onChoose={(file) => void controller.restore.chooseIdentity(file)}
          />
        ) : (
          <PassphraseField
            label={texts.passphrase}
            value={restoring.passphrase}
            revealed={revealed}
            problem={problem}
            complete="off"
            focus
            onChange={(passphrase) => controller.restore.edit({ passphrase })}
          >
            <RevealButton revealed={revealed} onReveal={(shown) => controller.reveal(shown)} />
          </PassphraseField>
        )}
        <Problem message={message} place="key" id={problemId} />
        {restoring.consentFor === seriesId && (
          <div className="kap-stack">
            <p className="kap-muted">{texts.costlyHint}</p>
            <button
              type="button"
              className="kap-button kap-wide"
              data-cy="kap-accept-cost"
              onClick={() => void controller.restore.restore({ acceptCost: true })}
            >
              {texts.acceptCost}
            </button>
          </div>
        )}
        <button
          type="submit"
          className="kap-button kap-primary kap-wide"
          data-kap-focus="action"
          data-cy="kap-restore"
        >
          {action}
        </button>
        <Problem message={message} place="action" />
        {mayLeaveOut(state, seriesId) && (
          <button
            type="button"
            className="kap-button kap-wide"
            data-cy="kap-leave-out"
            onClick={() => void controller.restore.restore({ leaveOut: true })}
          >
            {texts.leaveOut}
          </button>
        )}
      </form>
    </Part>
  );
}

function IdentityField({
  name,
  problem,
  onChoose,
}: {
  readonly name: string | undefined;
  readonly problem: string | undefined;
  readonly onChoose: (file: File) => void;
}) {
  return (
    <>
      <FileButton
        label={name === undefined ? texts.chooseIdentity : texts.chosen(name)}
        accept=".txt,.age,.key,text/plain"
        problem={problem}
        place="key"
        onChoose={([file]) => onChoose(file)}
      />
      <p className="kap-muted kap-small">{texts.identityHint}</p>
    </>
  );
}
