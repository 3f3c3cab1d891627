import { useId, useRef } from 'react';
import type { PanelController } from '../controller';
import type { Draft } from '../protect/draft';
import type { Preview } from '../protect/planner';
import type { PanelState } from '../state';
import { texts } from '../texts/texts';
import { FileButton, Part, Problem, useForgetting } from './common';

/** The text that travels inside the image, and where it will be. */
export function WriteReportPart({
  state,
  controller,
}: {
  readonly state: PanelState;
  readonly controller: PanelController;
}) {
  const { draft, preview } = state;
  const hint = useId();
  const problem = useId();
  const refusal = preview?.refusal?.place === 'report' ? preview.refusal : undefined;
  const message = state.message?.place === 'report' ? state.message : refusal;
  const field = useRef<HTMLTextAreaElement>(null);
  useForgetting(field);
  return (
    <Part
      heading={texts.report}
      actions={
        <FileButton
          label={texts.loadReport}
          accept=".txt,text/plain"
          look="link"
          onChoose={([file]) => void controller.protect.loadReport(file)}
        />
      }
    >
      <textarea
        ref={field}
        dir="auto"
        aria-label={texts.report}
        aria-describedby={message ? `${problem} ${hint}` : hint}
        aria-invalid={message !== undefined}
        data-kap-focus="report"
        placeholder={texts.reportPlaceholder}
        value={draft.report}
        onChange={(event) => controller.protect.edit({ report: event.target.value })}
      />
      <p className="kap-muted kap-small" id={hint}>
        {draft.report === '' ? texts.reportHint : describeReport(draft, preview)}
      </p>
      <Problem message={message} place="report" id={problem} />
    </Part>
  );
}

/** How long the report is, and what of it the QR code will hold. */
function describeReport({ report, qr, hideOnly }: Draft, preview: Preview | undefined): string {
  const length = texts.characters(Array.from(report).length);
  const { plan } = preview ?? {};
  if (hideOnly) return `${length} · ${texts.hiddenOnly}`;
  if (plan?.qrContent === undefined) return length;
  const [place] = plan.places;
  const module = texts.modules(place?.modulePixels ?? 1);
  return `${length} · ${texts.qrHolds[qr === 'sealed' && plan.qrContent === 'notice' ? 'tooLong' : plan.qrContent](module)}`;
}
