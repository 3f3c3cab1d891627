import { readFirstPart, writeFilePart } from '../../src/dicom/web/multipart';

describe('multipart', () => {
  test('what is written is read, whatever the bytes', () => {
    const bytes = Buffer.from('\r\n--\r\n\r\n--x\r\n');
    const { contentType, body } = writeFilePart(bytes);
    expect(readFirstPart(body, contentType)).toEqual(new Uint8Array(bytes));
  });

  test('the first of several parts, a quoted boundary, a preamble', () => {
    const body = Buffer.from('preamble\r\n--a b\r\nX: y\r\n\r\none\r\n--a b\r\n\r\ntwo\r\n--a b--');
    expect(readFirstPart(body, 'multipart/related; boundary="a b"')).toEqual(Buffer.from('one'));
  });

  test.each([
    ['no multipart', 'text/html; boundary=x'],
    ['no boundary', 'multipart/related'],
    ['another boundary', 'multipart/related; boundary=y'],
  ])('%s: nothing', (_, contentType) => {
    expect(readFirstPart(Buffer.from('--x\r\n\r\none\r\n--x--'), contentType)).toBeUndefined();
  });
});
