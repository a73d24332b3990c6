"""The memories of classifiers: shown, explained, compared, edited, and their loss surface."""
