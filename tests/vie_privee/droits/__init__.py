"""The rights of persons: requests, restriction, copies, directives."""
