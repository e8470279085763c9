terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "rules" {
  type = map(object({ url = string, credential_arn = optional(string) }))
}

resource "aws_ecr_pull_through_cache_rule" "this" {
  for_each              = var.rules
  ecr_repository_prefix = each.key
  upstream_registry_url = each.value.url
  credential_arn        = each.value.credential_arn
}
