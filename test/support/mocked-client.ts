import { mockClient } from "aws-sdk-client-mock";
import { afterAll } from "vitest";

/**
 * Mocks a client of the SDK, or a class of them, until the tests of the file (or of the `describe` around) have ended:
 * other files run in the same process after it, and speak to the simulator by the same classes.
 */
export const mockedClient: typeof mockClient = (client) => {
  const mock = mockClient(client);
  afterAll(() => mock.restore());
  return mock;
};
