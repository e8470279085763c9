variable "hub_role_arns" {
  description = "The auditor's roles, all of one account (output HubRoleArns of the auditor's stack, split at the commas)"
  type        = list(string)

  validation {
    condition     = length(var.hub_role_arns) > 0 && alltrue([for arn in var.hub_role_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/", arn))])
    error_message = "hub_role_arns must be ARNs of IAM roles."
  }
}

variable "organization_id" {
  description = "The organization that the auditor must belong to"
  type        = string

  validation {
    condition     = can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "organization_id must be the id of an organization, o-…"
  }
}

variable "external_id" {
  description = "External id that the auditor must pass when it assumes the role (its parameter externalId)"
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_+=,.@:/-]+$", var.external_id)) && length(var.external_id) >= 2 && length(var.external_id) <= 1224
    error_message = "external_id must be an external id of 2 to 1224 characters."
  }
}

variable "role_name" {
  description = "The role's name (the auditor's parameter roleName)"
  type        = string
  default     = "pull-through-auditor"
}

variable "look_up_changes" {
  description = "Whether the auditor may ask CloudTrail who made a change that it finds (cloudtrail:LookupEvents)"
  type        = bool
  default     = true
}

variable "event_bus_arn" {
  description = "Bus that receives events (output EventBusArn of the auditor's stack); no events are forwarded if empty"
  type        = string
  default     = ""
}

variable "event_regions" {
  description = "Regions whose events are forwarded: all that have pull through cache rules"
  type        = set(string)
  default     = []
}

variable "forwarder_role_name" {
  description = "Name of the role that forwards events"
  type        = string
  default     = "pull-through-auditor-events"
}

variable "forward_failed_pulls" {
  description = "Whether failed pulls are forwarded; each of them invokes the auditor once"
  type        = bool
  default     = true
}

variable "role_path" {
  description = "Path of the roles. If it is not /, the auditor's parameter roleName has the path before the name"
  type        = string
  default     = "/"
}

variable "permissions_boundary" {
  description = "Name, with its path, of the policy in this account that bounds the roles; no boundary if empty"
  type        = string
  default     = ""
}

variable "read_cached_repositories" {
  description = "Whether the auditor may read repositories, which only a policy with the section cachedRepositories asks for"
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags of every resource"
  type        = map(string)
  default     = {}
}
