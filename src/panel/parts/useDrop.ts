import { type DragEvent, useState } from 'react';

/** Takes files that are dropped on an element; spread `dropTarget` on it. */
export function useDrop(onDrop: (files: readonly File[]) => void) {
  const [dropping, setDropping] = useState(false);
  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    event.stopPropagation();
    setDropping(true);
  };
  return {
    dropping,
    dropTarget: {
      onDragEnter: over,
      onDragOver: over,
      onDragLeave: (event: DragEvent) => {
        // Moving on to a child is not leaving.
        const next = event.relatedTarget;
        if (!(next instanceof Node && event.currentTarget.contains(next))) setDropping(false);
      },
      onDrop: (event: DragEvent) => {
        setDropping(false);
        const files = Array.from(event.dataTransfer.files);
        if (files.length === 0) return;
        event.preventDefault();
        event.stopPropagation();
        onDrop(files);
      },
    },
  };
}
