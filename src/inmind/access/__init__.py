"""Access: accounts and actors, roles and their grants, the policy, the one way to write, and the audit trail."""
