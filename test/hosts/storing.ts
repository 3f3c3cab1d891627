/** The answer of a server that did not store an object, in DICOM JSON. */
export const failed = (reason?: number) => ({
  '00081198': {
    vr: 'SQ',
    Value: [reason === undefined ? {} : { '00081197': { vr: 'US', Value: [reason] } }],
  },
});

/** A Part 10 file: preamble, meta information of some length, data set. */
export function part10(meta: number[], dataSet: number[]): ArrayBuffer {
  const head = [0x02, 0, 0, 0, 0x55, 0x4c, 4, 0, meta.length, 0, 0, 0];
  return Uint8Array.from([...new Uint8Array(128), 0x44, 0x49, 0x43, 0x4d, ...head, ...meta, ...dataSet])
    .buffer;
}

/** An answer of which a part comes, and no more. */
export const brokenOff = (): Response =>
  new Response(
    new ReadableStream({
      start: (body) => body.enqueue(new Uint8Array(3)),
      pull: (body) => body.error(new TypeError('terminated')),
    }),
    { headers: { 'Content-Type': 'application/dicom' } },
  );
