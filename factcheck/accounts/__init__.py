"""Accounts, and the tokens by which programs use them."""
