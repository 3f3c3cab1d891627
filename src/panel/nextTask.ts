/** Lets the page do what waits for it, and goes on after that. */
export const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
