window.BENCHMARK_DATA = {
  "lastUpdate": 1772355600000,
  "entries": {
    "Rust": [
      {