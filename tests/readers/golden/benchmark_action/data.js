window.BENCHMARK_DATA = {
  "lastUpdate": 1772359200000,
  "repoUrl": "https://forge.example/lantern",
  "entries": {
    "Rust": [
      {
        "commit": {
          "author": {
            "name": "Mira",
            "username": "mira",
            "email": "mira@example.org"
          },
          "committer": {
            "name": "Mira",
            "username": "mira",
            "email": "mira@example.org"
          },
          "distinct": true,
          "id": "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
          "message": "Speed up the parser\n\nLonger text",
          "timestamp": "2026-03-01T08:00:00Z",
          "tree_id": "ffffffffffffffffffffffffffffffffffffffff",
          "url": "https://forge.example/lantern/commit/0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
        },
        "date": 1772355600000,
        "tool": "cargo",
        "benches": [
          {
            "name": "parse/small",
            "value": 1250,
            "range": "± 12",
            "unit": "ns/iter"
          },
          {
            "name": "parse/large",
            "value": 1250000,
            "range": "+/- 12,469",
            "unit": "ns/iter"
          }
        ]
      },
      {
        "commit": {
          "author": {
            "name": "Mira",
            "username": "mira",
            "email": "mira@example.org"
          },
          "committer": {
            "name": "Mira",
            "username": "mira",
            "email": "mira@example.org"
          },
          "distinct": true,
          "id": "7c9e2f41b8d05a6e3f1c94d7a2b86e05c4f3d912",
          "message": "Speed up the parser\n\nLonger text",
          "timestamp": "2026-03-01T09:00:00Z",
          "tree_id": "ffffffffffffffffffffffffffffffffffffffff",
          "url": "https://forge.example/lantern/commit/7c9e2f41b8d05a6e3f1c94d7a2b86e05c4f3d912"
        },
        "date": 1772359200000,
        "tool": "cargo",
        "benches": [
          {
            "name": "parse/small",
            "value": 1190,
            "range": "± 9",
            "unit": "ns/iter"
          },
          {
            "name": "parse/small",
            "value": 1195,
            "range": "± 9",
            "unit": "ns/iter"
          }
        ]
      }
    ],
    "Python": [
      {
        "commit": {
          "author": {
            "name": "Mira",
            "username": "mira",
            "email": "mira@example.org"
          },
          "committer": {
            "name": "Mira",
            "username": "mira",
            "email": "mira@example.org"
          },
          "distinct": true,
          "id": "7c9e2f41b8d05a6e3f1c94d7a2b86e05c4f3d912",
          "message": "Speed up the parser\n\nLonger text",
          "timestamp": "2026-03-01T09:00:00Z",
          "tree_id": "ffffffffffffffffffffffffffffffffffffffff",
          "url": "https://forge.example/lantern/commit/7c9e2f41b8d05a6e3f1c94d7a2b86e05c4f3d912"
        },
        "date": 1772359200000,
        "tool": "pytest",
        "benches": [
          {
            "name": "bench.py::test_fib",
            "value": 500.0,
            "unit": "iter/sec",
            "range": "stddev: 0.0001",
            "extra": "mean: 2 msec\nrounds: 640"
          }
        ]
      }
    ],
    "Node": [
      {
        "commit": {
          "author": {
            "name": "Mira",
            "username": "mira",
            "email": "mira@example.org"
          },
          "committer": {
            "name": "Mira",
            "username": "mira",
            "email": "mira@example.org"
          },
          "distinct": true,
          "id": "7c9e2f41b8d05a6e3f1c94d7a2b86e05c4f3d912",
          "message": "Speed up the parser\n\nLonger text",
          "timestamp": "2026-03-01T09:00:00Z",
          "tree_id": "ffffffffffffffffffffffffffffffffffffffff",
          "url": "https://forge.example/lantern/commit/7c9e2f41b8d05a6e3f1c94d7a2b86e05c4f3d912"
        },
        "date": 1772359200000,
        "tool": "benchmarkjs",
        "benches": [
          {
            "name": "fib(10)",
            "value": 1600000,
            "range": "±0.25%",
            "unit": "ops/sec",
            "extra": "94 samples"
          }
        ]
      }
    ],
    "Go": [
      {
        "commit": {
          "author": {
            "name": "Mira",
            "username": "mira",
            "email": "mira@example.org"
          },
          "committer": {
            "name": "Mira",
            "username": "mira",
            "email": "mira@example.org"
          },
          "distinct": true,
          "id": "7c9e2f41b8d05a6e3f1c94d7a2b86e05c4f3d912",
          "message": "Speed up the parser\n\nLonger text",
          "timestamp": "2026-03-01T09:00:00Z",
          "tree_id": "ffffffffffffffffffffffffffffffffffffffff",
          "url": "https://forge.example/lantern/commit/7c9e2f41b8d05a6e3f1c94d7a2b86e05c4f3d912"
        },
        "date": 1772359200000,
        "tool": "go",
        "benches": [
          {
            "name": "BenchmarkRead",
            "value": 310.5,
            "unit": "ns/op\t  64.00 MB/s",
            "extra": "3906015 times\n4 procs"
          },
          {
            "name": "BenchmarkRead - MB/s",
            "value": 64,
            "unit": "MB/s"
          }
        ]
      }
    ],
    "C++": [
      {
        "commit": {
          "author": {
            "name": "Mira",
            "username": "mira",
            "email": "mira@example.org"
          },
          "committer": {
            "name": "Mira",
            "username": "mira",
            "email": "mira@example.org"
          },
          "distinct": true,
          "id": "not a commit",
          "message": "Speed up the parser\n\nLonger text",
          "timestamp": "some day",
          "tree_id": "ffffffffffffffffffffffffffffffffffffffff",
          "url": "https://forge.example/lantern/commit/not a commit"
        },
        "date": 1772359200000,
        "tool": "catch2",
        "benches": [
          {
            "name": "Walk",
            "value": 18.75,
            "unit": "us",
            "range": "± 210",
            "extra": "100 samples\n2 iterations"
          },
          {
            "name": "Lost",
            "value": null,
            "unit": "us"
          }
        ]
      }
    ],
    "JVM": [
      {
        "commit": {
          "author": {
            "name": "Mira",
            "username": "mira",
            "email": "mira@example.org"
          },
          "committer": {
            "name": "Mira",
            "username": "mira",
            "email": "mira@example.org"
          },
          "distinct": true,
          "id": "7c9e2f41b8d05a6e3f1c94d7a2b86e05c4f3d912",
          "message": "Speed up the parser\n\nLonger text",
          "timestamp": "2026-03-01T09:00:00Z",
          "tree_id": "ffffffffffffffffffffffffffffffffffffffff",
          "url": "https://forge.example/lantern/commit/7c9e2f41b8d05a6e3f1c94d7a2b86e05c4f3d912"
        },
        "date": 1772359200000,
        "tool": "jmh",
        "benches": [
          {
            "name": "org.lantern.Parse.run",
            "value": 2500.5,
            "unit": "ops/ms"
          },
          {
            "name": "org.lantern.Parse.cold",
            "value": 12.5,
            "unit": "ms/op"
          }
        ]
      }
    ]
  }
};
