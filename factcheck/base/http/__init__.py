"""What stands in front of every view: input checks, answer headers and the net under the views."""
