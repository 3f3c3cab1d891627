import {
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { FocusPlace, Message as MessageText, Place } from '../state';
import type { Store } from '../store';
import { texts } from '../texts/texts';

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

/** One part of the panel, with its heading and what can be done beside it. */
export function Part({
  heading,
  actions,
  children,
}: {
  readonly heading?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section className="kap-part" aria-labelledby={heading === undefined ? undefined : id}>
      {heading !== undefined && (
        <div className="kap-partHead kap-wraps">
          <h3 id={id}>{heading}</h3>
          {actions !== undefined && <span className="kap-links">{actions}</span>}
        </div>
      )}
      <div className="kap-stack">{children}</div>
    </section>
  );
}

/** What went wrong, beside the control that it is about. */
export function Problem({
  message,
  place,
  id,
}: {
  readonly message: MessageText | undefined;
  readonly place: Place;
  readonly id?: string;
}) {
  if (message?.place !== place) return null;
  return (
    <div className="kap-message" role="alert" id={id}>
      <p className="kap-title">{message.title}</p>
      <p className="kap-muted">{message.text}</p>
      {message.details?.map((detail) => (
        <p className="kap-muted kap-small" key={detail}>
          {detail}
        </p>
      ))}
    </div>
  );
}

/** A question with its answers; Escape in either is a third way to turn back. */
export function Question({
  onTurnBack,
  children,
}: {
  readonly onTurnBack: () => void;
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it listens for its buttons, which have the focus.
    <div
      className="kap-stack"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onTurnBack();
      }}
    >
      {children}
    </div>
  );
}

export function Link({
  onClick,
  label,
  focus,
  expanded,
  children,
}: {
  readonly onClick: () => void;
  readonly label?: string;
  /** Whether what it unfolds is there. */
  readonly expanded?: boolean;
  /** Takes the focus that is meant for this place. */
  readonly focus?: FocusPlace;
  readonly children: ReactNode;
}) {
  return (
    <button
      type="button"
      className="kap-link"
      onClick={onClick}
      aria-label={label}
      aria-expanded={expanded}
      data-kap-focus={focus}
    >
      {children}
    </button>
  );
}

/** Copies `text` when pressed, and says so; where the browser does not allow it, what to do instead. */
export function CopyLink({
  text,
  shown = true,
}: {
  readonly text: string;
  /** Whether it can be read, and so be selected. */
  readonly shown?: boolean;
}) {
  const [result, setResult] = useState<'copied' | 'refused'>();
  useEffect(() => {
    if (result !== 'copied') return;
    const timer = setTimeout(() => setResult(undefined), 2000);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async () => {
    try {
      // Pages that are not secure have no clipboard at all.
      await navigator.clipboard.writeText(text);
      setResult('copied');
    } catch {
      setResult('refused');
    }
  };
  return (
    <>
      <Link onClick={() => void copy()}>
        <span aria-live="polite">{result === 'copied' ? texts.copied : texts.copy}</span>
      </Link>
      {result === 'refused' && (
        <span className="kap-small kap-below" role="alert">
          {texts.copyRefused(shown)}
        </span>
      )}
    </>
  );
}

/** A button that lets the user choose files. */
export function FileButton({
  label,
  accept,
  multiple = false,
  problem,
  place,
  look = 'button',
  onChoose,
}: {
  readonly label: string;
  readonly accept: string;
  readonly multiple?: boolean;
  readonly problem?: string | undefined;
  readonly place?: string;
  readonly look?: 'button' | 'primary' | 'link';
  /** At least one file. */
  readonly onChoose: (files: readonly [File, ...File[]]) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        multiple={multiple}
        aria-label={label}
        onChange={({ target }) => {
          const [first, ...others] = Array.from(target.files ?? []);
          // The same file can be chosen again.
          target.value = '';
          if (first !== undefined) onChoose([first, ...others]);
        }}
      />
      <button
        type="button"
        className={FILE_BUTTONS[look]}
        aria-describedby={problem}
        data-kap-focus={place}
        onClick={() => input.current?.click()}
      >
        {label}
      </button>
    </>
  );
}

const FILE_BUTTONS = {
  button: 'kap-button kap-wide',
  primary: 'kap-button kap-wide kap-primary',
  link: 'kap-link',
};

/**
 * Empties a field once it is removed, or another takes its place as `which` changes: React and the browser keep an
 * element that had the focus when it went.
 */
export function useForgetting(
  field: RefObject<HTMLInputElement | HTMLTextAreaElement | null>,
  which?: unknown,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the element in the field changes with it.
  useEffect(() => {
    const element = field.current;
    return () => {
      if (element) [element.value, element.defaultValue] = ['', ''];
    };
  }, [field, which]);
}

/**
 * A passphrase as dots or as typed. The text is put into the field, never into its `value` attribute,
 * where anything that reads the page's markup would find it.
 */
export function PassphraseField({
  label,
  value,
  revealed,
  problem,
  focus,
  complete,
  onChange,
  children,
}: {
  readonly label: string;
  readonly value: string;
  readonly revealed: boolean;
  /** Id of the message that is about it. */
  readonly problem?: string | undefined;
  /** Takes the focus that is meant for the key. */
  readonly focus?: boolean;
  readonly complete: 'new-password' | 'off';
  readonly onChange: (value: string) => void;
  readonly children?: ReactNode;
}) {
  const input = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another element takes its place when it is revealed.
  useEffect(() => {
    // Written only where it differs: the caret stays where the user has it.
    if (input.current && input.current.value !== value) input.current.value = value;
  }, [value, revealed]);
  useForgetting(input, revealed);
  const attributes = {
    ref: input,
    'aria-label': label,
    placeholder: label,
    autoComplete: complete,
    autoCapitalize: 'none',
    spellCheck: false,
    'aria-invalid': problem !== undefined,
    'aria-describedby': problem,
    'data-kap-focus': focus ? 'key' : undefined,
  };
  return (
    <div className="kap-field">
      {revealed ? (
        // Words wrap, so that all of them can be read.
        <textarea
          {...attributes}
          className="kap-mono kap-passphrase"
          rows={1}
          onChange={(event) => onChange(event.target.value.replaceAll('\n', ''))}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        />
      ) : (
        <input {...attributes} type="password" onChange={(event) => onChange(event.target.value)} />
      )}
      {children}
    </div>
  );
}

/** One of a few choices, side by side. */
export function Choices<T extends string>({
  label,
  hideLabel = false,
  choices,
  chosen,
  onChoose,
}: {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly choices: readonly (readonly [value: T, label: string])[];
  readonly chosen: T;
  readonly onChoose: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset>
      <legend className={hideLabel ? 'kap-hidden' : 'kap-label kap-partHead'}>{label}</legend>
      <div className="kap-choices">
        {choices.map(([value, text]) => (
          <label key={value} className="kap-choice">
            <input type="radio" name={name} checked={chosen === value} onChange={() => onChoose(value)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function RevealButton({
  revealed,
  onReveal,
}: {
  readonly revealed: boolean;
  readonly onReveal: (revealed: boolean) => void;
}) {
  return (
    <button type="button" className="kap-button" aria-pressed={revealed} onClick={() => onReveal(!revealed)}>
      {revealed ? texts.hide : texts.show}
    </button>
  );
}

export function LockIcon() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <rect x="3.5" y="8.5" width="13" height="9" rx="2" fill="currentColor" />
      <path d="M6.5 8V6a3.5 3.5 0 0 1 7 0v2" stroke="currentColor" strokeWidth="2" />
    </svg>
  );
}
