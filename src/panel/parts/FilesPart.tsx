import type { PanelController } from '../controller';
import type { PanelState } from '../state';
import { texts } from '../texts/texts';
import { FileButton, Link, Part } from './common';

interface Props {
  readonly state: PanelState;
  readonly controller: PanelController;
}

/** The way in for what the user brings along: protected files, and pictures of a QR code. */
export function FilesPart({ controller }: Props) {
  return (
    <Part>
      <p className="kap-muted kap-small">{texts.bringAlong}</p>
      <FileButton
        label={texts.openFile}
        accept=".dcm,.zip,application/dicom,application/zip"
        multiple
        onChoose={(files) => void controller.files.take(files)}
      />
      <p className="kap-small">
        <Link onClick={() => controller.files.showPhoto(true)}>{texts.readPhoto}</Link>
      </p>
    </Part>
  );
}

/** The way to series of files that were brought, other than the one on display. */
export function OpenedSeries({ state, controller }: Props) {
  const { viewer, openedSeries, task } = state;
  const displayed = viewer.status === 'ready' ? viewer.series.id : undefined;
  const others = openedSeries.filter(({ id }) => id !== displayed && controller.port.hasSeries(id));
  if (task !== undefined || others.length === 0) return null;
  return (
    <Part>
      <p className="kap-small">
        <span className="kap-muted">{texts.openedToo}</span>{' '}
        <span className="kap-links">
          {others.map(({ id, description, modality }) => (
            <Link key={id} onClick={() => void controller.files.show(id)}>
              {texts.seriesName(description, modality)}
            </Link>
          ))}
        </span>
      </p>
    </Part>
  );
}
