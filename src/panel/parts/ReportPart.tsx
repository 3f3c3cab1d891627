import { useEffect, useRef } from 'react';
import { texts } from '../texts/texts';
import { CopyLink, Link, Part, useForgetting } from './common';
import { printText } from './printText';

/** A report that was opened: to read, copy and print. */
export function ReportPart({ report, hint }: { readonly report: string; readonly hint?: string }) {
  const takeBack = useRef<() => void>(undefined);
  // Not every browser tells when it has printed.
  useEffect(() => () => takeBack.current?.(), []);
  const print = () => {
    takeBack.current?.();
    takeBack.current = printText(texts.report, report);
  };
  const actions =
    report === '' ? undefined : (
      <>
        <CopyLink text={report} />
        <Link onClick={print}>{texts.print}</Link>
      </>
    );
  const field = useRef<HTMLTextAreaElement>(null);
  useForgetting(field, report === '');
  return (
    <Part heading={texts.report} actions={actions}>
      {report === '' ? (
        <p className="kap-muted">{texts.noReport}</p>
      ) : (
        <textarea
          ref={field}
          readOnly
          dir="auto"
          rows={rowsOf(report)}
          aria-label={texts.report}
          value={report}
          data-cy="kap-report"
        />
      )}
      {hint !== undefined && <p className="kap-muted kap-small">{hint}</p>}
    </Part>
  );
}

/** Tall enough for most reports; longer ones scroll. */
const rowsOf = (report: string): number =>
  Math.min(14, Math.ceil(2 + report.split('\n').length + report.length / 48));
