"""Generated worlds, shaped like the real one."""
