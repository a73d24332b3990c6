"""Pictures of cookies: data sets, and the training and judging of classifiers."""
