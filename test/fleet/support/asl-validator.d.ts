/** As much of the package's interface as tests use: it comes without types. */
declare module "asl-validator" {
  /** Judges a state machine's definition. */
  const validate: (definition: unknown) => {
    readonly isValid: boolean;
    readonly errorsText: (separator?: string) => string;
  };
  export = validate;
}
