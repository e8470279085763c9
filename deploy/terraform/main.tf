# What an audited account needs: the role that pull-through-auditor assumes and, if events are forwarded, the rules and the
# role that forward them. The same as deploy/member-role.yml and deploy/member-events.yml, from which the files in documents
# are generated.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  forwards = var.event_bus_arn != ""

  values = {
    account         = data.aws_caller_identity.current.account_id
    partition       = data.aws_partition.current.partition
    hub_account     = split(":", var.hub_role_arns[0])[4]
    hub_role_arns   = var.hub_role_arns
    organization_id = var.organization_id
    external_id     = var.external_id
    event_bus_arn   = var.event_bus_arn
  }

  audit = jsondecode(templatefile("${path.module}/documents/audit.json.tftpl", local.values))

  permissions_boundary = var.permissions_boundary == "" ? null : format(
    "arn:%s:iam::%s:policy/%s", local.values.partition, local.values.account, var.permissions_boundary
  )

  rules = merge([
    for region in var.event_regions : {
      for rule in jsondecode(file("${path.module}/documents/rules.json")) :
      "${rule.name}/${region}" => merge(rule, { region = region })
      if local.forwards && (var.forward_failed_pulls || !rule.failed_pulls)
    }
  ]...)
}

resource "aws_iam_role" "audit" {
  name        = var.role_name
  path        = var.role_path
  description = "Lets pull-through-auditor read the ECR pull through cache rules of this account"
  # Role chaining limits sessions to one hour.
  max_session_duration = 3600
  permissions_boundary = local.permissions_boundary
  assume_role_policy   = jsonencode(jsondecode(templatefile("${path.module}/documents/audit-trust.json.tftpl", local.values)))
  tags                 = var.tags
}

resource "aws_iam_role_policy" "audit" {
  name   = "audit"
  role   = aws_iam_role.audit.name
  policy = jsonencode(merge(local.audit, {
    Statement = [
      for statement in local.audit.Statement : statement
      if var.read_cached_repositories || !endswith(statement.Sid, "CachedRepositories")
    ]
  }))
}

resource "aws_iam_role_policy" "look_up_changes" {
  count = var.look_up_changes ? 1 : 0

  name   = "look-up-changes"
  role   = aws_iam_role.audit.name
  policy = jsonencode(jsondecode(templatefile("${path.module}/documents/look-up-changes.json.tftpl", local.values)))
}

resource "aws_iam_role" "forward" {
  count = local.forwards ? 1 : 0

  name                 = var.forwarder_role_name
  path                 = var.role_path
  description          = "Lets EventBridge forward events about pull through cache rules to pull-through-auditor"
  permissions_boundary = local.permissions_boundary
  assume_role_policy   = jsonencode(jsondecode(templatefile("${path.module}/documents/forward-trust.json.tftpl", local.values)))
  tags                 = var.tags
}

resource "aws_iam_role_policy" "forward" {
  count = local.forwards ? 1 : 0

  name   = "forward"
  role   = aws_iam_role.forward[0].name
  policy = jsonencode(jsondecode(templatefile("${path.module}/documents/forward.json.tftpl", local.values)))
}

# CloudTrail sends calls to EventBridge only in regions where a trail logs management events.
resource "aws_cloudwatch_event_rule" "forward" {
  for_each = local.rules

  region        = each.value.region
  name          = each.value.name
  description   = each.value.description
  event_pattern = jsonencode(each.value.pattern)
  tags          = var.tags
}

resource "aws_cloudwatch_event_target" "forward" {
  for_each = local.rules

  region    = each.value.region
  rule      = aws_cloudwatch_event_rule.forward[each.key].name
  target_id = "auditor"
  arn       = var.event_bus_arn
  role_arn  = aws_iam_role.forward[0].arn
}
