"""What a person sees and does in a window."""
