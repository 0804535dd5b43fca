"""Watched folders: what an SFTP server drops is taken once, imported, and its report written back beside it."""
