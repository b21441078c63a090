"""Another person under the account: logs like the public masquerade ones, and who finds it."""
