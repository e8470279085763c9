terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # Version 6 takes a region for each resource.
      version = ">= 6.0"
    }
  }
}
