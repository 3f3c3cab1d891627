import { encodeText } from '../dataset/encode';
import { type DicomFile, findElement, textOf } from '../dataset/reader';
import type { Edit } from '../dataset/splice';
import { TAG } from '../dataset/tags';

/**
 * What a new SOP instance says of how it came to be (PS3.3, C.12.1), where its original says anything: Instance Creation
 * Date and Time are when its UID was given, at `now` in milliseconds since 1970, in the file's time zone, else in this
 * machine's; the device that created the original and its authorisation are that instance's alone.
 */
export function creationEdits(file: DicomFile, now: number): Edit[] {
  const [date, time] = localTime(file, now);
  const edits: Edit[] = [
    { tag: TAG.InstanceCreationDate, bytes: encoded(file, TAG.InstanceCreationDate, 'DA', date) },
    { tag: TAG.InstanceCreationTime, bytes: encoded(file, TAG.InstanceCreationTime, 'TM', time) },
    ...OF_ANOTHER_INSTANCE.map((tag) => ({ tag, bytes: undefined })),
  ];
  return edits.filter(({ tag }) => findElement(file, tag));
}

const OF_ANOTHER_INSTANCE: readonly number[] = [
  TAG.InstanceCreatorUID,
  TAG.SOPInstanceStatus,
  TAG.SOPAuthorizationDateTime,
  TAG.SOPAuthorizationComment,
  TAG.AuthorizationEquipmentCertificationNumber,
];

const encoded = (file: DicomFile, tag: number, vr: string, value: string): Uint8Array =>
  encodeText(tag, vr, value, file.transferSyntax.coding);

/** Date and time as DA and TM. */
function localTime(file: DicomFile, now: number): string[] {
  const [, sign, hours, minutes] =
    /^([+-])(\d\d)(\d\d)$/.exec(textOf(file, TAG.TimezoneOffsetFromUTC) ?? '') ?? [];
  const offset = sign
    ? Number(`${sign}1`) * (60 * Number(hours) + Number(minutes))
    : -new Date(now).getTimezoneOffset();
  const local = new Date(now + 60_000 * offset).toISOString();
  return local.replace(/[-:]|\..*/g, '').split('T');
}
