"""Has ClamAV look through what citizens send along."""
