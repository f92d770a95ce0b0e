"""Random mutations of report files: no exception but a refusal may leave a reader."""
