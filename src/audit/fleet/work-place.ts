import type { FilePlace } from "../store.ts";

/** Where an object stands, for those who are told its bucket and key. */
export type ObjectAddress = { readonly bucket: string; readonly key: string };

/** Where the functions of a fleet hand each other their work: part of the store. Each method throws StoreError. */
export type WorkPlace = FilePlace & {
  /** Where the state machine finds a file. */
  readonly addressOf: (path: string) => ObjectAddress;
  /** The paths of all files in a folder and below it. */
  readonly list: (folder: string) => AsyncIterable<string>;
};
