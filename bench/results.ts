import type { Case, LargestArea } from './beside';
import type { FolderMeasurement } from './folder';
import type { Growth } from './growth';
import type { Measurement } from './measure';
import type { MemoryMeasurement } from './memory';

/** Everything that one run measured. */
export interface Results {
  /** Year, month and day. */
  readonly date: string;
  readonly machine: string;
  readonly measurements: readonly Measurement[];
  readonly growth: readonly Growth[];
  readonly memory: readonly MemoryMeasurement[];
  readonly folders: readonly FolderMeasurement[];
  readonly cases: readonly Case[];
  readonly largest: readonly LargestArea[];
}
