import { texts } from '../texts/texts';
import { Part } from './common';

/** What is wrong with the site's settings, for whoever can mend it. */
export function SettingsFaults({ faults }: { readonly faults: readonly string[] }) {
  if (faults.length === 0) return null;
  return (
    <Part>
      <div className="kap-message" role="alert">
        <p className="kap-title">{texts.faultsTitle}</p>
        <p className="kap-muted">{texts.faultsText}</p>
        <ul>
          {faults.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      </div>
    </Part>
  );
}
