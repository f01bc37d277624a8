"""What stops a backup, or the way back from one, in a sentence for whoever ran the command."""


class BackupFault(Exception):
    """The sentence says what is wrong and what to do."""
