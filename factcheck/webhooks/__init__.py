"""Telling other services what was published: subscriptions, and each delivery with its answer."""
