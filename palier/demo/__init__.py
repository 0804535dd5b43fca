"""The demo: invented agencies loaded through the real pipeline, and the mailbox of what was really sent.

Reachable in demo mode only (``./run demo``).
"""
