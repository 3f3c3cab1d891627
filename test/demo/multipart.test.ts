import { MultipartError, readMultipart, writeMultipart } from '../../demo/multipart.mjs';

const binary = Uint8Array.from({ length: 1024 }, (_, index) => index & 0xff);

function roundTrip(...data: Uint8Array[]) {
  const body = writeMultipart(
    data.map((bytes) => ({ contentType: 'application/dicom', data: bytes })),
    'application/dicom',
  );
  return readMultipart(Buffer.concat(body.chunks), body.contentType);
}

test('every part comes back byte for byte', () => {
  const lineBreaks = Buffer.from('\r\n\r\n--\r\n');
  const parts = roundTrip(binary, lineBreaks, new Uint8Array(0));
  expect(parts.map((part) => Buffer.from(part.data))).toEqual([
    Buffer.from(binary),
    lineBreaks,
    Buffer.alloc(0),
  ]);
  expect(parts.map((part) => part.contentType)).toEqual(Array(3).fill('application/dicom'));
});

test.each([
  ['no boundary is named', 'multipart/related', '--x\r\n\r\n\r\n--x--'],
  ['the boundary does not occur', 'multipart/related; boundary=y', '--x\r\n\r\n\r\n--x--'],
  ['the last part has no end', 'multipart/related; boundary=x', '--x\r\nContent-Type: a/b\r\n\r\ndata'],
  ['there is no part', 'multipart/related; boundary=x', '--x--'],
])('a body is refused when %s', (_, contentType, body) => {
  expect(() => readMultipart(Buffer.from(body), contentType)).toThrow(MultipartError);
});
