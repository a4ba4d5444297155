using BenchmarkDotNet.Running;
using DisruptorStream.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(KeyLookUpBenchmarks).Assembly).Run(args);
