import { refusalIn } from '../../src/dicom/web/stowRs';
import { failed } from '../hosts/storing';

describe('the answer of a server', () => {
  test('that stored everything refuses nothing', () => {
    expect(refusalIn(JSON.stringify({ '00081199': { vr: 'SQ', Value: [{}] } }))).toBeUndefined();
    expect(
      refusalIn('<NativeDicomModel><DicomAttribute tag="00081199"/></NativeDicomModel>'),
    ).toBeUndefined();
    expect(refusalIn('')).toBeUndefined();
    expect(refusalIn([])).toBeUndefined();
    expect(refusalIn('stored')).toBeUndefined();
  });

  test.each([
    [0x0111, 'another object is stored under the same identifier'],
    [0xa700, 'out of resources'],
    [0xa901, 'does not fit the study'],
    [0xc000, '0xC000'],
  ])('with failure reason %i is told in words', (reason, words) => {
    expect(refusalIn(JSON.stringify(failed(reason)))).toContain(words);
    expect(refusalIn(JSON.stringify([failed(reason)]))).toContain(words);
    const xml = `<?xml version="1.0"?><NativeDicomModel><DicomAttribute tag="00081198" vr="SQ"><Item number="1">
      <DicomAttribute tag="00081197" vr="US"><Value number="1">${reason}</Value></DicomAttribute></Item></DicomAttribute>
      </NativeDicomModel>`;
    expect(refusalIn(xml)).toContain(words);
  });

  test('that names no reason is a refusal all the same', () => {
    expect(refusalIn(JSON.stringify(failed()))).toContain('processing failed');
  });
});
