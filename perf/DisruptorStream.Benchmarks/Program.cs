using BenchmarkDotNet.Running;
using DisruptorStream.Benchmarks;

if (args is ["report", .. var classes])
    return BenchmarkReport.Write("perf/results/benchmarks.md", classes);
BenchmarkSwitcher.FromAssembly(typeof(KeyLookUpBenchmarks).Assembly).Run(args);
return 0;
