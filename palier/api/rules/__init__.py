"""What a key may do, and what a delivery waits for: pure."""
