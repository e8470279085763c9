/** An error as state machines know them: by its name. */
export function stateMachineError(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
