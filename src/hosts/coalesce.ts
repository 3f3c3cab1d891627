/** Tells a listener of changes that come together once, after the work at hand. */
export function coalesce(listener: () => void): { readonly changed: () => void; readonly stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    changed: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        listener();
      });
    },
    stop: () => clearTimeout(timer),
  };
}
