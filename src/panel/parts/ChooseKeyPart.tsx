import { useEffect, useId, useState } from 'react';
import type { PanelController } from '../controller';
import { estimateStrength, type Strength } from '../protect/passphrase';
import { readRecipients } from '../protect/recipients';
import type { PanelState } from '../state';
import { texts } from '../texts/texts';
import { Choices, CopyLink, Link, Part, PassphraseField, Problem, RevealButton } from './common';

interface Props {
  readonly state: PanelState;
  readonly controller: PanelController;
}

/** What will open the images: a passphrase, or the keys of those who may. */
export function ChooseKeyPart({ state, controller }: Props) {
  const { draft } = state;
  const { recoveryRecipients } = controller.settings;
  const byPassphrase = draft.keyKind === 'passphrase';
  return (
    <Part
      heading={texts.key}
      actions={
        byPassphrase && (
          <>
            {draft.passphrase !== '' && <CopyLink text={draft.passphrase} shown={state.revealed} />}
            <Link onClick={() => void controller.protect.generate()}>{texts.generate}</Link>
          </>
        )
      }
    >
      <Choices
        label={texts.keyKind}
        hideLabel
        choices={[
          ['passphrase', texts.passphrase],
          ['recipients', texts.recipients],
        ]}
        chosen={draft.keyKind}
        onChoose={(keyKind) => controller.protect.edit({ keyKind })}
      />
      {byPassphrase ? (
        <PassphraseFields state={state} controller={controller} />
      ) : (
        <RecipientFields state={state} controller={controller} />
      )}
      {recoveryRecipients.length > 0 && (
        <p className="kap-muted kap-small">{texts.recovery(recoveryRecipients.map(({ name }) => name))}</p>
      )}
    </Part>
  );
}

function PassphraseFields({ state, controller }: Props) {
  const { draft, revealed, message } = state;
  const problemId = useId();
  const strength = useStrength(draft.passphrase);
  const differs = draft.repeated !== '' && !draft.passphrase.startsWith(draft.repeated);
  const recoverable = controller.settings.recoveryRecipients.length > 0;
  return (
    <>
      <PassphraseField
        label={texts.passphrase}
        value={draft.passphrase}
        revealed={revealed}
        problem={message?.place === 'key' ? problemId : undefined}
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
      <p className="kap-muted kap-small" aria-live="polite">
        {draft.passphrase !== '' && strength !== undefined && (
          <span className={`kap-strength kap-${strength}`}>{texts.strengths[strength]} </span>
        )}
        {recoverable ? texts.lossRecoverable : texts.loss}
      </p>
    </>
  );
}

/** Undefined until the meter is loaded, and where it cannot be. */
function useStrength(passphrase: string): Strength | undefined {
  const [strength, setStrength] = useState<Strength>();
  useEffect(() => {
    let current = true;
    if (passphrase === '') setStrength(undefined);
    else
      estimateStrength(passphrase).then(
        (estimated) => current && setStrength(estimated),
        () => current && setStrength(undefined),
      );
    return () => {
      current = false;
    };
  }, [passphrase]);
  return strength;
}

function RecipientFields({ state, controller }: Props) {
  const { draft, message } = state;
  const { recipients, recoveryRecipients } = controller.settings;
  const problemId = useId();
  const hintId = useId();
  const { keys, wrong } = readRecipients(draft.pastedRecipients);
  // Once it is said beside the field, it is not said twice.
  const isSaid = message?.place === 'key';
  const hint =
    wrong.length > 0 ? !isSaid && texts.wrongKeys(wrong) : keys.length > 0 && texts.keysRead(keys.length);
  const toggle = (key: string, chosen: boolean) =>
    controller.protect.edit({
      chosenRecipients: chosen
        ? [...draft.chosenRecipients, key]
        : draft.chosenRecipients.filter((other) => other !== key),
    });
  return (
    <>
      {recipients.length > 0 && (
        <fieldset className="kap-directory">
          <legend className="kap-hidden">{texts.directory}</legend>
          {recipients.map(({ name, key }) => (
            <label key={key} className="kap-check">
              <input
                type="checkbox"
                checked={draft.chosenRecipients.includes(key)}
                onChange={(event) => toggle(key, event.target.checked)}
              />
              <span>{name}</span>
            </label>
          ))}
        </fieldset>
      )}
      <textarea
        className="kap-mono kap-keys"
        rows={2}
        aria-label={texts.pastedKeys}
        aria-describedby={message?.place === 'key' ? `${problemId} ${hintId}` : hintId}
        aria-invalid={message?.place === 'key' || wrong.length > 0}
        placeholder={texts.pastedKeysPlaceholder}
        spellCheck={false}
        value={draft.pastedRecipients}
        data-kap-focus="key"
        onChange={(event) => controller.protect.edit({ pastedRecipients: event.target.value })}
      />
      <p className="kap-small" id={hintId} aria-live="polite">
        {hint}
      </p>
      <Problem message={message} place="key" id={problemId} />
      <p className="kap-muted kap-small">
        {recoveryRecipients.length > 0 ? texts.recipientsLossRecoverable : texts.recipientsLoss}
      </p>
    </>
  );
}
