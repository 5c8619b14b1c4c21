"""Published sets of instances: readers, plain checks that know nothing of the library, and the run over a folder."""
