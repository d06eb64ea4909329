// BenchmarkPlugins
