import { type ReactNode, useId, useState, useSyncExternalStore } from 'react';
import type { Message as MessageText, Place } from './state';
import type { Store } from './store';
import { texts } from './texts';

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
        <div className="kap-partHead">
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
    </div>
  );
}

export function Link({
  onClick,
  label,
  children,
}: {
  readonly onClick: () => void;
  readonly label?: string;
  readonly children: ReactNode;
}) {
  return (
    <button type="button" className="kap-link" onClick={onClick} aria-label={label}>
      {children}
    </button>
  );
}

/** Copies `text` when pressed, and says so. */
export function CopyLink({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    });
  };
  return (
    <Link onClick={copy}>
      <span aria-live="polite">{copied ? texts.copied : texts.copy}</span>
    </Link>
  );
}

/** A passphrase as dots or as typed. */
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
  return (
    <div className="kap-field">
      <input
        type={revealed ? 'text' : 'password'}
        className={revealed ? 'kap-mono' : undefined}
        aria-label={label}
        placeholder={label}
        value={value}
        autoComplete={complete}
        spellCheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby={problem}
        data-kap-focus={focus ? 'key' : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {children}
    </div>
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
