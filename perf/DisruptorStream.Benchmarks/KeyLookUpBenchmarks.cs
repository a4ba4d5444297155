using System.Text;
using BenchmarkDotNet.Attributes;
using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Benchmarks;

/// <summary>What it costs to find the id of a key that is known.</summary>
[MemoryDiagnoser]
public class KeyLookUpBenchmarks
{
    private const int LookUps = 1024;

    private readonly KeyTable<string> _texts = new(1 << 20);
    private readonly KeyTable<long> _numbers = new(1 << 20);
    private string[] _keys = [];
    private byte[][] _utf8 = [];

    /// <summary>Keys in the table.</summary>
    [Params(100, 100_000)]
    public int Keys { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        for (var key = 0; key < Keys; key++)
        {
            _texts.Intern($"sensor-{key}");
            _numbers.Intern((long)key);
        }

        var random = new Random(1);
        _keys = [.. Enumerable.Range(0, LookUps).Select(_ => $"sensor-{random.Next(Keys)}")];
        _utf8 = [.. _keys.Select(Encoding.UTF8.GetBytes)];
    }

    [Benchmark(OperationsPerInvoke = LookUps)]
    public int Text()
    {
        var sum = 0;
        foreach (var key in _keys)
            sum += _texts.Intern(key);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = LookUps)]
    public int Utf8()
    {
        var sum = 0;
        foreach (var key in _utf8)
            sum += _texts.Intern(key);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = LookUps)]
    public int Number()
    {
        var sum = 0;
        for (var i = 0; i < LookUps; i++)
            sum += _numbers.Intern(i * 7919L % Keys);
        return sum;
    }
}
