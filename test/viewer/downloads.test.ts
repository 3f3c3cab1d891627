import { Downloads } from '../../src/viewer/downloads';

describe('downloads', () => {
  const clicked: string[] = [];
  const readable = new Set<string>();
  const { document } = globalThis;
  beforeEach(() => {
    clicked.length = 0;
    readable.clear();
    jest.useFakeTimers();
    const link = () => ({
      href: '',
      download: '',
      click() {
        clicked.push(this.download);
      },
    });
    Object.assign(globalThis, { document: { createElement: link } });
    jest.spyOn(URL, 'createObjectURL').mockImplementation(() => {
      const url = `blob:${readable.size}`;
      readable.add(url);
      return url;
    });
    jest.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void readable.delete(url));
  });
  afterEach(() => {
    Object.assign(globalThis, { document });
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  test('can be read for a while, and not after their release', () => {
    const downloads = new Downloads();
    downloads.save('a.dcm', ['a'], 'application/dicom');
    expect([...readable]).toHaveLength(1);
    downloads.release();
    expect([...readable]).toEqual([]);
  });

  test('that come after the study was closed are refused', () => {
    const downloads = new Downloads();
    downloads.release();
    downloads.save('late.dcm', ['a'], 'application/dicom');
    expect(clicked).toEqual([]);
    expect([...readable]).toEqual([]);
  });
});
