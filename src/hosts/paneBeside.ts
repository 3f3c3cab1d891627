/** A viewport of a viewer's grid. */
export interface Pane {
  readonly id: string;
  /** Of the series that it shows; none where it is empty. */
  readonly seriesIds: readonly string[];
  /** Where it is in the grid, from the left and from above. */
  readonly x: number;
  readonly y: number;
}

/**
 * Of the other viewports of a grid, the one to show something beside a viewport in: an empty one where there is
 * one, of these the nearest, first in the same row, first on the right. Undefined where there is no other.
 */
export function paneBeside(pane: Pane, panes: readonly Pane[]): Pane | undefined {
  const ranked = panes
    .filter(({ id }) => id !== pane.id)
    .map((other) => ({
      other,
      rank: [
        other.seriesIds.length === 0 ? 0 : 1,
        Math.abs(other.y - pane.y),
        Math.abs(other.x - pane.x),
        other.x > pane.x ? 0 : 1,
      ],
    }));
  ranked.sort((first, second) => {
    const at = first.rank.findIndex((value, index) => value !== second.rank[index]);
    return at < 0 ? 0 : first.rank[at]! - second.rank[at]!;
  });
  return ranked[0]?.other;
}
