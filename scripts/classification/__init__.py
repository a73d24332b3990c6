"""Pictures of cookies and their classifiers: gather, train, test, explain."""
