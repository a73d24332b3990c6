"""The windows of `watch`, `play` and `train --watch`, and the files that `watch --save` writes."""
