# The project whose plan is in plan.json: terraform plan -out=plan.bin && terraform show -json plan.bin > plan.json
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
  }
}

variable "second_region" {
  type    = string
  default = "us-west-2"
}

provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "west"
  region = var.second_region
}

data "aws_caller_identity" "current" {}

# Its ARN is known only after apply.
resource "aws_secretsmanager_secret" "docker_hub" {
  name = "ecr-pullthroughcache/docker-hub"
}

module "cache" {
  source = "./modules/cache"
  rules = {
    "docker-hub" = { url = "registry-1.docker.io", credential_arn = aws_secretsmanager_secret.docker_hub.arn }
    "ecr-public" = { url = "public.ecr.aws", credential_arn = null }
    "mirror.old" = { url = "mirror.example.com", credential_arn = null }
  }
}

module "cache_west" {
  for_each  = toset(["main"])
  source    = "./modules/cache"
  providers = { aws = aws.west }
  rules = {
    "ecr-public" = { url = "public.ecr.aws", credential_arn = null }
  }
}

resource "aws_ecr_pull_through_cache_rule" "quay" {
  count                 = 1
  ecr_repository_prefix = "quay"
  upstream_registry_url = "quay.io"
}

# The URL was another one before, so that the rule is replaced.
resource "aws_ecr_pull_through_cache_rule" "base" {
  ecr_repository_prefix      = "base"
  upstream_registry_url      = "444455556666.dkr.ecr.eu-west-1.amazonaws.com"
  upstream_repository_prefix = "base"
  custom_role_arn            = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/ecr-pull-base"

  lifecycle {
    create_before_destroy = true
  }
}
