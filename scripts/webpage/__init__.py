"""The page: one HTML file in which a learner learns live, put together from the files of this package."""
