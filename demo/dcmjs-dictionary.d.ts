/** The part of dcmjs that the demo uses; it ships no types. */
declare module 'dcmjs/dictionary' {
  export const dictionary: Record<string, { tag: string; vr: string; name: string }>;
}
