import { AwsError } from "./aws-error.ts";
import { type Denial, denied } from "./denial.ts";
import { type Dialect, refusal } from "./dialect.ts";
import type { FaultBoard } from "./fault-board.ts";
import type { SessionEnd, ShapingEffect } from "./faults.ts";
import type { Caller, KeyRing } from "./key-ring.ts";
import type { RecordedCall } from "./ledger.ts";
import type { Memory } from "./memory.ts";
import { Past } from "./past.ts";
import type { Service } from "./service.ts";
import { services } from "./services/index.ts";
import { changedOutput, isAnsweredOnTheWay, isSpoiledBy, spoiledAnswer } from "./spoiling.ts";
import {
  accountAskedFor,
  applyFaults,
  EXPIRED_TOKEN,
  INVALID_TOKEN,
  prefixAskedFor,
  repositoryAskedFor,
  Unanswered,
} from "./trouble.ts";
import { type HttpAnswer, type HttpRequest, headerOf } from "./wire/http.ts";
import { type CredentialScope, credentialScopeOf } from "./wire/signature.ts";
import type { World } from "./world.ts";
import { isRegionEnabled } from "./world-access.ts";

/** How a request ends: with an answer, with a closed connection, or never. */
export type Outcome = HttpAnswer | Unanswered["how"];

/** What the dispatcher needs. */
export interface DispatcherParts {
  readonly world: World;
  readonly memory: Memory;
  readonly keys: KeyRing;
  readonly faults: FaultBoard;
  readonly clock: () => Date;
  /** Receives each call as it arrives. Its result is filled in later. */
  readonly record: (call: RecordedCall) => void;
}

/** Processes each request as AWS does: authentication, faults, and the service itself. */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #past = new Past();
  #requests = 0;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** Processes a request and returns how it ends. */
  async dispatch(request: HttpRequest): Promise<Outcome> {
    const scope = credentialScopeOf(headerOf(request, "authorization"));
    const service = serviceFor(scope, request);
    if (service === undefined) return unknownService(request, scope);
    const call = openCall(service, request, scope);
    this.#parts.record(call);
    const requestId = this.#nextRequestId();
    try {
      const { output, shaping } = await this.#answer(request, scope, service, call);
      const changed = changedOutput(output, shaping);
      const answer = service.protocol.success(call.operation, changed, requestId);
      if (isSpoiledBy(shaping)) call.spoiled = isAnsweredOnTheWay(shaping) ? "unasked" : "answer";
      return closeCall(call, spoiledAnswer(answer, shaping));
    } catch (error) {
      if (error instanceof Unanswered) return error.how;
      const refused = error instanceof AwsError ? error : simulatorDefect(error);
      call.errorCode = refused.code;
      call.errorMessage = refused.message;
      return closeCall(call, service.protocol.failure(refused, requestId));
    }
  }

  async #answer(
    request: HttpRequest,
    scope: CredentialScope | undefined,
    service: Service,
    call: RecordedCall,
  ): Promise<{ output: unknown; shaping: readonly ShapingEffect[] }> {
    const { world, memory, keys, faults } = this.#parts;
    const { dialect, protocol } = service;
    const { operation: operationName, region } = call;
    const now = this.#parts.clock();
    const caller = this.#authenticate(scope, headerOf(request, "x-amz-security-token"), service, now);
    const input = protocol.inputOf(request);
    call.account = caller.accountId;
    call.input = input;

    const account = accountAskedFor(input, caller);
    const prefix = prefixAskedFor(input);
    const repository = repositoryAskedFor(input);
    const subject = { service: service.name, operation: operationName, account, region, prefix, repository };
    const keyId = scope?.accessKeyId ?? "";
    const endSession = (how: SessionEnd) => keys.endSession(keyId, how);
    const shaping = await applyFaults({ subject, caller, dialect, input, endSession }, faults);
    refuseEndedSession(keys.endOf(keyId), { caller, action: `${service.name}:${operationName}` }, dialect);
    if (service.isRegional && !isRegionEnabled(world, caller.accountId, region)) {
      throw refusal(dialect, "unknownKey", INVALID_TOKEN);
    }
    const operation = service.operations[operationName];
    if (operation === undefined) {
      throw refusal(
        dialect,
        "unknownOperation",
        `The simulator's ${service.name} does not implement this operation.`,
      );
    }
    if (isAnsweredOnTheWay(shaping)) return { output: {}, shaping };
    const seen = this.#past.worldFor(operationName, world, shaping);
    const output = operation(input, { world: seen, memory, keys, caller, region, now, shaping }, dialect);
    return { output, shaping };
  }

  #authenticate(
    scope: CredentialScope | undefined,
    sessionToken: string | undefined,
    { dialect }: Service,
    now: Date,
  ): Caller {
    if (scope === undefined) throw refusal(dialect, "missingAuthentication", "Missing Authentication Token");
    const caller = this.#parts.keys.identify(scope.accessKeyId, sessionToken, now);
    if (caller === "unknown") throw refusal(dialect, "unknownKey", INVALID_TOKEN);
    if (caller === "expired") throw refusal(dialect, "expiredCredentials", EXPIRED_TOKEN);
    return caller;
  }

  #nextRequestId(): string {
    this.#requests += 1;
    return `00000000-0000-4000-8000-${this.#requests.toString().padStart(12, "0")}`;
  }
}

function refuseEndedSession(
  end: SessionEnd | undefined,
  denial: Pick<Denial, "caller" | "action">,
  dialect: Dialect,
): void {
  if (end === "expired") throw refusal(dialect, "expiredCredentials", EXPIRED_TOKEN);
  if (end === "unknown") throw refusal(dialect, "unknownKey", INVALID_TOKEN);
  if (end === "revoked") throw denied(dialect, { ...denial, resource: "*", by: "identity-policy" });
}

/** An unsigned request goes to the first service that recognises it, which refuses it in its own dialect. */
function serviceFor(scope: CredentialScope | undefined, request: HttpRequest): Service | undefined {
  return services.find(({ name, protocol }) =>
    scope === undefined ? protocol.operationOf(request) !== undefined : name === scope.service,
  );
}

function unknownService({ method, path }: HttpRequest, scope: CredentialScope | undefined): HttpAnswer {
  const message = `The simulator has no service ${scope?.service ?? ""} for ${method} ${path}`;
  return { status: 501, headers: {}, body: JSON.stringify({ __type: "UnknownService", message }) };
}

function openCall(service: Service, request: HttpRequest, scope: CredentialScope | undefined): RecordedCall {
  return {
    service: service.name,
    operation: service.protocol.operationOf(request) ?? "unknown operation",
    account: "",
    region: scope?.region ?? "",
    input: undefined,
    startedAt: performance.now(),
  };
}

function closeCall(call: RecordedCall, answer: HttpAnswer): HttpAnswer {
  call.endedAt = performance.now();
  call.httpStatus = answer.status;
  return answer;
}

function simulatorDefect(error: unknown): AwsError {
  const trace = error instanceof Error ? error.stack : String(error);
  return new AwsError("SimulatorDefect", trace ?? "no trace", 500);
}
