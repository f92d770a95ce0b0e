"""The invented marina service `harbour` and six weeks of its CI, told once and written in every format."""
