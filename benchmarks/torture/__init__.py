"""What the register survives, as figures: `make torture`."""
