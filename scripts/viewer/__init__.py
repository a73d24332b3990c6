"""The windows of `watch`, `play` and `train --watch`, and the files of `watch --save`."""
