import { type ReactNode, useState } from 'react';
import type { PanelController } from '../controller';
import { isStored, type PanelState, type ProtectedOutcome } from '../state';
import { texts } from '../texts/texts';
import { Part, Problem } from './common';
import { StorePart } from './StorePart';
import { WorkingPart } from './WorkingPart';

interface PanelProps {
  readonly state: PanelState;
  readonly controller: PanelController;
}

interface Props extends PanelProps {
  readonly sent: Pick<ProtectedOutcome, 'seriesId' | 'fileIds' | 'otherImages'>;
  /** Only this viewer's memory holds it. */
  readonly inMemory: boolean;
  /** Sending it on is not what is usually done next. */
  readonly secondary?: boolean;
  readonly onDownload: (withOthers: boolean) => void;
}

/** The ways on for a protected series: to the viewer's destination, or as files. */
export function SendOnPart({ state, controller, sent, inMemory, secondary = false, onDownload }: Props) {
  const [withOthers, setWithOthers] = useState(false);
  const destination = controller.port.destination();
  const archive = sent.fileIds.length > 1 || withOthers;
  const storing = inMemory && destination !== undefined;
  return (
    <Part heading={secondary ? texts.sendProtectedOn : texts.sendOn}>
      {storing && (
        <StorePart
          state={state}
          controller={controller}
          outcome={sent}
          destination={destination.name}
          secondary={secondary}
        />
      )}
      {inMemory && destination === undefined && <p className="kap-muted kap-small">{texts.noDestination}</p>}
      <div className="kap-row">
        <button
          type="button"
          className="kap-button"
          data-kap-focus={storing ? 'download' : 'download export'}
          data-cy="kap-download"
          onClick={() => onDownload(withOthers)}
        >
          {archive ? texts.downloadMany : texts.downloadOne}
        </button>
        <button
          type="button"
          className="kap-button"
          aria-label={texts.downloadPictureLabel}
          data-cy="kap-download-picture"
          onClick={() => void controller.export.downloadPicture()}
        >
          {texts.downloadPicture}
        </button>
      </div>
      {sent.otherImages > 0 && (
        <label className="kap-check">
          <input
            type="checkbox"
            checked={withOthers}
            onChange={({ target }) => setWithOthers(target.checked)}
          />
          <span>{texts.withOthers(sent.otherImages)}</span>
        </label>
      )}
      <Problem message={state.message} place="export" />
      {inMemory && !isStored(state, sent) && (
        <p className="kap-muted kap-small">
          {state.downloadedSeries.has(sent.seriesId) ? texts.downloaded : texts.memoryOnly}
        </p>
      )}
    </Part>
  );
}

/** The ways on for the protected series on display, which came from elsewhere. */
export function SendReceivedPart({ state, controller }: PanelProps) {
  if (state.viewer.status !== 'ready') return null;
  const { id, files, inMemory } = state.viewer.series;
  return (
    <SendOnPart
      state={state}
      controller={controller}
      sent={{ seriesId: id, fileIds: files.map((file) => file.id), otherImages: 0 }}
      inMemory={inMemory}
      secondary
      onDownload={() => void controller.export.downloadReceived()}
    />
  );
}

/** The ways on, with how far a download is; while a series is stored, how far that is instead of them. */
export function WhileSending({
  state: { task },
  controller,
  children,
}: PanelProps & { readonly children: ReactNode }) {
  const sending = task?.kind === 'store' || task?.kind === 'download';
  return (
    <>
      {task?.kind !== 'store' && children}
      {sending && <WorkingPart task={task} controller={controller} />}
    </>
  );
}
