import { isOfPage, isUnder } from '../../src/hosts/addresses';

beforeAll(() => {
  globalThis.location = new URL(
    'https://viewer.example/ohif/viewer?StudyInstanceUIDs=1.2',
  ) as unknown as Location;
});

test.each([
  ['https://pacs.example/rs/studies/1.2', 'https://pacs.example/rs'],
  ['https://pacs.example/rs/studies/1.2', 'https://pacs.example/rs/'],
  ['https://pacs.example/wado?requestType=WADO', 'https://pacs.example/wado'],
  ['https://pacs.example/a.dcm', 'https://pacs.example'],
  ['/rs/studies/1.2', '/rs'],
  ['https://viewer.example/rs/studies/1.2', '/rs'],
])('%s lies under %s', (address, root) => {
  expect(isUnder(address, root)).toBe(true);
});

test.each([
  ['https://other.example/rs/studies/1.2', 'https://pacs.example/rs'],
  ['http://pacs.example/rs/studies/1.2', 'https://pacs.example/rs'],
  ['https://pacs.example:8443/rs/studies/1.2', 'https://pacs.example/rs'],
  ['https://pacs.example.evil.example/rs', 'https://pacs.example/rs'],
  ['https://pacs.example@evil.example/rs', 'https://pacs.example/rs'],
  ['https://pacs.example/rs2/studies/1.2', 'https://pacs.example/rs'],
  ['https://pacs.example/rs/../other/1.2', 'https://pacs.example/rs'],
  ['//evil.example/rs/studies/1.2', '/rs'],
  ['file:///rs/a.dcm', 'file:///rs'],
  ['http://', 'https://pacs.example/rs'],
  ['https://pacs.example/rs', 'http://'],
])('%s does not lie under %s', (address, root) => {
  expect(isUnder(address, root)).toBe(false);
});

test('addresses of the page’s own server are told from others', () => {
  expect(isOfPage('/files/a.dcm')).toBe(true);
  expect(isOfPage('https://viewer.example/files/a.dcm')).toBe(true);
  expect(isOfPage('http://viewer.example/files/a.dcm')).toBe(false);
  expect(isOfPage('blob:https://viewer.example/1')).toBe(false);
  expect(isOfPage('data:,x')).toBe(false);
});
