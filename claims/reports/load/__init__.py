"""What one reader may know of a dispute or claim, loaded from the register as it is or as it once stood."""
