import { Command } from "@commander-js/extra-typings";
import { defaultPolicy, openPolicy } from "../../app/policy.ts";
import { readSettings } from "../../app/settings.ts";
import { wire } from "../../app/wire.ts";
import { readSnapshotFile } from "../../audit/collect/snapshot-file.ts";
import { evaluateSnapshotFile } from "../../audit/evaluate/evaluate-snapshot.ts";
import type { Narrowing } from "../../audit/plan/request.ts";
import { CannotStartError, StoreError } from "../../audit/ports.ts";
import { parseReport } from "../../audit/report/report-file.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import { systemClock } from "../../local/clock.ts";
import { readsRepositories } from "../../policy/effective.ts";
import type { LoadedPolicy } from "../../policy/load.ts";
import type { Policy } from "../../policy/schema.ts";
import type { Offers } from "../../remediation/plan/decide-access.ts";
import { onlyReported, planRemediation } from "../../remediation/plan/plan.ts";
import {
  mendedBy,
  planRepositories,
  renderRepositoryScript,
} from "../../remediation/plan/repository-script.ts";
import type { Report } from "../../schemas/report.ts";
import { reachingAws } from "../aws-options.ts";
import { narrowingOf } from "../evaluation-options.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { formatOption, outputOption, parseChoices, tryChoices } from "../format-choices.ts";
import { awsVariables, colorVariables, helpNotes, roleVariables } from "../help-notes.ts";
import { tryOption, tryOutput, writeOutput } from "../output-file.ts";
import {
  credentialOffer,
  planFormatNames,
  planSuffixes,
  roleOffer,
  tryFolders,
  writePlan,
} from "../plan/write-plan.ts";
import { openProgress } from "../progress.ts";
import { readInput } from "../read-input.ts";
import { renderRepositoriesTest } from "../repositories-test.ts";
import { type SettingOptions, settingsFrom } from "../settings-from.ts";
import {
  accountsOption,
  concurrencyOption,
  externalIdOption,
  notEmpty,
  policyOption,
  prefixesOption,
  regionsOption,
  roleNameOption,
} from "../shared-options.ts";
import { type Terminal, UsageError } from "../terminal.ts";

/** Defines `plan`: plans the changes that make failing registries compliant. It changes nothing and sends no alerts. */
export function planCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const command = new Command("plan")
    .description("plan the changes that make failing registries compliant")
    .addOption(policyOption())
    .option("--report <file>", "fix only the failures in this JSON report", notEmpty)
    .option("--snapshot <file>", "plan from a snapshot of audit --snapshot-out, without AWS", notEmpty)
    .addOption(accountsOption())
    .addOption(regionsOption())
    .addOption(prefixesOption())
    .option(
      "--credential <upstream=arn>",
      "a secret for rules in its account and region that need one; repeatable",
      credentialOffer,
      [],
    )
    .option(
      "--repositories <file>",
      "write a script that gives cached repositories what their template gives new ones",
      notEmpty,
    )
    .option(
      "--repositories-test <file>",
      "write a policy test of the repositories as that script leaves them",
      notEmpty,
    )
    .option("--role <arn>", "a role for rules with ECR upstreams in its account; repeatable", roleOffer, [])
    .addOption(roleNameOption())
    .addOption(externalIdOption())
    .addOption(concurrencyOption())
    .addOption(formatOption(planFormatNames, "repeatable, at most one without a file (default: text)"))
    .addOption(outputOption())
    .option("-q, --quiet", "show no progress", false)
    .option("--no-color", "no colours")
    .action(async (options) => {
      const formats = parseChoices(options, planFormatNames, "text", (name) => planSuffixes[name]);
      await tryChoices(formats.filter(({ name }) => name !== "cloudformation"));
      await tryFolders(formats);
      const { repositories, repositoriesTest } = options;
      await tryFile("--repositories", repositories);
      await tryFile("--repositories-test", repositoriesTest);
      const reported = options.report === undefined ? null : await reportIn(options.report);
      const narrowing = narrowingOf(options);
      const location = readSettings(settingsFrom(options, terminal)).policy ?? defaultPolicy;
      const policy = await openPolicy(location);
      if (repositories !== undefined || repositoriesTest !== undefined)
        refuseUnreadRepositories(policy.policy);
      const seen =
        options.snapshot === undefined
          ? await auditNow(options, narrowing, terminal)
          : await evaluateSnapshot(options.snapshot, narrowing, policy);
      const findings = reported === null ? seen.report.findings : onlyReported(seen.report, reported);
      const offers: Offers = { credentials: options.credential, roles: options.role };
      const plan = planRemediation(
        { findings, registries: seen.registries },
        policy,
        offers,
        systemClock.now(),
      );
      await writePlan(plan, formats, options.color, terminal);
      if (repositories !== undefined || repositoriesTest !== undefined) {
        const changes = planRepositories(findings, seen.registries, policy.policy);
        if (repositories !== undefined) await writeOutput(repositories, renderRepositoryScript(changes));
        if (repositoriesTest !== undefined) {
          const mended = mendedBy(changes, seen.registries, policy.policy);
          const named = { location, file: repositoriesTest, now: systemClock.now() };
          const test = renderRepositoriesTest(mended, policy.policy, named);
          if (test === null) terminal.errors.write(nothingToTest);
          else await writeOutput(repositoriesTest, test);
        }
      }
      const hasNothingToDo = plan.registries.length === 0 && plan.instructions.length === 0;
      if (!hasNothingToDo) finish(exitCode.failing);
      else if (seen.report.coverage.gaps.length > 0) finish(exitCode.incomplete);
    });
  return reachingAws(command, terminal).addHelpText(
    "after",
    helpNotes(
      [
        "plan -p my-policy.json --format json=plan.json --format text",
        "plan --report report.json --format cloudformation=templates",
        "plan --snapshot seen.json -o plan.tf",
      ],
      ["AUDIT_POLICY", ...roleVariables, ...awsVariables, ...colorVariables],
    ),
  );
}

function refuseUnreadRepositories(policy: Policy): void {
  if (readsRepositories(policy)) return;
  throw new UsageError(
    "--repositories and --repositories-test need the section cachedRepositories in the policy: without it, no repository is read.",
  );
}

const nothingToTest =
  "The script leaves no repository that complies with the policy. No policy test was written.\n";

async function tryFile(option: string, file: string | undefined): Promise<void> {
  if (file !== undefined) await tryOption(`${option} ${file}`, tryOutput(file));
}

/** Reads the report that narrows the plan. @throws CannotStartError if the report is damaged, as in `diff` */
async function reportIn(file: string): Promise<Report> {
  const text = await readInput(file, "Report");
  try {
    return parseReport(text, file);
  } catch (error) {
    if (error instanceof StoreError) throw new CannotStartError(error.message, { cause: error });
    throw error;
  }
}

/** The registries that were read, and the report on them. */
type Seen = { readonly report: Report; readonly registries: readonly RegistrySnapshot[] };

async function auditNow(
  options: SettingOptions & { readonly quiet: boolean },
  narrowing: Narrowing,
  terminal: Terminal,
): Promise<Seen> {
  const auditor = await wire(readSettings(settingsFrom(options, terminal)));
  const progress = openProgress(terminal.errors, {
    quiet: options.quiet,
    isDumb: terminal.environment["TERM"] === "dumb",
  });
  const registries: RegistrySnapshot[] = [];
  const { report } = await auditor
    .run(
      { trigger: "cli", ...narrowing },
      {
        dryRun: true,
        notify: null,
        publish: false,
        includePassing: false,
        onProgress: progress.show,
        onSnapshot: (snapshot) => registries.push(snapshot),
      },
    )
    .finally(progress.end);
  return { report, registries };
}

async function evaluateSnapshot(file: string, narrowing: Narrowing, policy: LoadedPolicy): Promise<Seen> {
  const snapshotFile = readSnapshotFile(await readInput(file, "Snapshot"), file);
  const now = systemClock.now();
  const report = evaluateSnapshotFile(snapshotFile, narrowing, policy, { now, includePassing: false });
  return { report, registries: snapshotFile.registries };
}
