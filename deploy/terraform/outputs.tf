output "audit_role_arn" {
  description = "The role that pull-through-auditor assumes"
  value       = aws_iam_role.audit.arn
}
