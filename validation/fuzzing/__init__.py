"""Files as users, programs and disks spoil them: whatever is read is taken, or refused with its place."""
