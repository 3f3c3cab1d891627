import { badgeStyle } from '../../src/hosts/badge';

describe('a badge', () => {
  test.each([
    ['protected', 'Axial - key area hidden', 'Key area hidden'],
    ['protected', 'Axial - report hidden', 'Report hidden'],
    ['protected', 'report hidden ', 'Report hidden'],
    // As an archive may have renamed it.
    ['protected', undefined, 'Key area hidden'],
    ['restored', 'report hidden (restored)', 'Restored'],
    ['altered', 'report hidden', 'Opened, altered'],
  ] as const)('of a series that is %s, “%s”, says “%s”', (kind, description, text) => {
    expect(badgeStyle(kind, description)).toMatch(new RegExp(`^content:"${text}";`));
  });
});
