/** A value that tells when it was replaced. It outlives the components that show it. */
export interface Store<T> {
  get(): T;
  set(value: T): void;
  /** Replaces some of the value's properties. */
  update(changes: Partial<T>): void;
  subscribe(listener: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  const set = (next: T) => {
    value = next;
    for (const listener of listeners) listener();
  };
  return {
    get: () => value,
    set,
    update: (changes) => set({ ...value, ...changes }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
