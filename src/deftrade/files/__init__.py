"""Files that stay true: hashes, manifests, lock files and writing whole or not at all."""
