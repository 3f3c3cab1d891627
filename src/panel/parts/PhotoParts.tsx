import type { PanelController } from '../controller';
import { PHOTO_TYPES } from '../files/readPhoto';
import type { PanelState, Photo } from '../state';
import { texts } from '../texts/texts';
import { FileButton, Link, LockIcon, Part, Problem } from './common';
import { KeyPart } from './KeyPart';
import { ReportPart } from './ReportPart';

/** Reads the report from the QR code of a photo or a screenshot. */
export function PhotoParts({
  state,
  controller,
  photo,
}: {
  readonly state: PanelState;
  readonly controller: PanelController;
  readonly photo: Photo;
}) {
  const back = <Link onClick={() => controller.files.showPhoto(false)}>{texts.back}</Link>;
  return (
    <>
      <Part heading={texts.photoTitle} actions={back}>
        {photo.name !== '' && <Found photo={photo} />}
        {photo.name === '' && <p className="kap-muted">{texts.photoText}</p>}
        <FileButton
          label={photo.name === '' ? texts.choosePhoto : texts.chooseOther}
          accept={PHOTO_TYPES}
          place="action"
          look={photo.name === '' ? 'primary' : 'button'}
          onChoose={(files) => void controller.files.take(files)}
        />
        {photo.sealed === undefined && <Problem message={state.message} place="action" />}
      </Part>
      {photo.sealed !== undefined && photo.report === undefined && (
        <KeyPart
          state={state}
          controller={controller}
          seriesId=""
          action={texts.readReport}
          onSubmit={() => void controller.files.readReport()}
        />
      )}
      {photo.report !== undefined && <ReportPart report={photo.report} hint={texts.readFromQr} />}
    </>
  );
}

function Found({ photo }: { readonly photo: Photo }) {
  const sealed = photo.sealed !== undefined;
  return (
    <div className="kap-locked" data-kap-focus="result" tabIndex={-1}>
      <LockIcon />
      <div>
        <p className="kap-title">{sealed ? texts.photoSealed : texts.photoOpen}</p>
        {photo.notice !== '' && <p className="kap-muted kap-pre">{texts.quoted(photo.notice)}</p>}
        <p className="kap-muted">{photo.name}</p>
      </div>
    </div>
  );
}
